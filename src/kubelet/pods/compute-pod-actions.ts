import type { Container, Pod } from '#api';
import { latestContainer, type PodRuntimeStatus, type RuntimeContainer } from '../runtime/pod-runtime-status.ts';
import { computeInitActions } from './compute-init-actions.ts';
import { containerHash } from './container-hash.ts';
import { ephemeralContainers, initContainers, podRestartPolicy } from './containers.ts';
import { shouldStart } from './restart-policy.ts';

export type ProbeResult = 'success' | 'failure' | 'unknown';

/** The last verdicts of probes; undefined when a container has no such probe, or none has run. */
export interface ProbeResults {
  liveness(containerId: string): ProbeResult | undefined;
  startup(containerId: string): ProbeResult | undefined;
}

export type KillReason = 'LivenessProbe' | 'StartupProbe' | 'Changed' | 'Resized' | 'Unknown';

export interface ContainerToKill {
  readonly id: string;
  readonly container: Container;
  readonly message: string;
  readonly reason: KillReason;
}

/** What stands between a pod as it is wanted and as it runs. */
export interface PodActions {
  /** Stop all containers and the sandbox, before anything else. */
  killPod: boolean;
  createSandbox: boolean;
  /** The sandbox to start containers in, or the one that is to be replaced; '' when there is none. */
  sandboxId: string;
  /** The attempt number of the sandbox to create. */
  attempt: number;
  kill: ContainerToKill[];
  start: { ephemeral: Container[]; init: Container[]; regular: Container[] };
}

/** The actions that bring a pod one step nearer to its spec (`kuberuntime_manager.go` computePodActions upstream). */
export function computePodActions(pod: Pod, status: PodRuntimeStatus, probes: ProbeResults): PodActions {
  const sandbox = sandboxChange(pod, status);
  const actions: PodActions = {
    killPod: sandbox.changed,
    createSandbox: sandbox.changed,
    sandboxId: sandbox.id,
    attempt: sandbox.attempt,
    kill: [],
    start: { ephemeral: [], init: [], regular: [] },
  };
  if (sandbox.changed) planNewSandbox(pod, status, actions);
  else planInSandbox(pod, status, probes, actions);
  return actions;
}

function sandboxChange(pod: Pod, status: PodRuntimeStatus): { changed: boolean; id: string; attempt: number } {
  const newest = status.sandboxes[0];
  if (!newest) return { changed: true, id: '', attempt: 0 };
  const readyCount = status.sandboxes.filter((sandbox) => sandbox.ready).length;
  const hostNetwork = pod.spec.hostNetwork === true;
  const broken = readyCount > 1 || !newest.ready || newest.hostNetwork !== hostNetwork;
  const addressless = !hostNetwork && newest.ips.length === 0;
  if (broken || addressless) return { changed: true, id: newest.id, attempt: newest.attempt + 1 };
  return { changed: false, id: newest.id, attempt: newest.attempt };
}

function planNewSandbox(pod: Pod, status: PodRuntimeStatus, actions: PodActions): void {
  const everStarted = status.containers.length > 0;
  // A pod that never restarts is over when its sandbox is lost after containers were made.
  if (podRestartPolicy(pod) === 'Never' && actions.attempt !== 0 && everStarted) {
    actions.createSandbox = false;
    return;
  }
  const succeeded = (container: Container): boolean => {
    const last = latestContainer(status, container.name);
    return last?.state === 'exited' && last.exitCode === 0;
  };
  const onFailure = podRestartPolicy(pod) === 'OnFailure';
  const regular = pod.spec.containers.filter((container) => !(onFailure && succeeded(container)));
  if (regular.length === 0 && hasRegularContainer(pod, status)) {
    actions.createSandbox = false;
    return;
  }
  const firstInit = initContainers(pod)[0];
  if (firstInit) actions.start.init = [firstInit];
  else actions.start.regular = regular;
}

function planInSandbox(pod: Pod, status: PodRuntimeStatus, probes: ProbeResults, actions: PodActions): void {
  for (const container of ephemeralContainers(pod)) {
    if (!latestContainer(status, container.name)) actions.start.ephemeral.push(container);
  }
  const initialized = computeInitActions(pod, status, probes, actions);
  if (actions.killPod || !initialized) return;
  let kept = 0;
  for (const container of pod.spec.containers) {
    const running = latestContainer(status, container.name);
    if (running?.state === 'running') kept += keepOrKill(pod, container, running, probes, actions) ? 1 : 0;
    else planStart(pod, container, status, actions);
  }
  if (kept === 0 && actions.start.regular.length === 0) {
    actions.killPod = true;
    actions.start.init = []; // sidecars do not keep a pod whose work is done
  }
}

function planStart(pod: Pod, container: Container, status: PodRuntimeStatus, actions: PodActions): void {
  if (!shouldStart(container, pod, status)) return;
  actions.start.regular.push(container);
  const last = latestContainer(status, container.name);
  if (last?.state !== 'unknown') return;
  const message = 'Container is in "unknown" state, try killing it before restart';
  actions.kill.push({ id: last.id, container, message, reason: 'Unknown' });
}

/** Keeps a running container, or plans its end; true when kept. */
function keepOrKill(
  pod: Pod,
  container: Container,
  running: RuntimeContainer,
  probes: ProbeResults,
  actions: PodActions,
): boolean {
  const why = whyKill(container, running, probes);
  if (!why) return true;
  const restart = why.reason === 'Changed' || (container.restartPolicy ?? podRestartPolicy(pod)) !== 'Never';
  if (restart) actions.start.regular.push(container);
  const message = restart ? `${why.message}, will be restarted` : why.message;
  actions.kill.push({ id: running.id, container, message, reason: why.reason });
  return false;
}

function whyKill(
  container: Container,
  running: RuntimeContainer,
  probes: ProbeResults,
): { message: string; reason: KillReason } | undefined {
  if (running.hash !== '' && running.hash !== containerHash(container)) {
    return { message: `Container ${container.name} definition changed`, reason: 'Changed' };
  }
  if (probes.liveness(running.id) === 'failure') {
    return { message: `Container ${container.name} failed liveness probe`, reason: 'LivenessProbe' };
  }
  if (probes.startup(running.id) === 'failure') {
    return { message: `Container ${container.name} failed startup probe`, reason: 'StartupProbe' };
  }
  return undefined;
}

/** Initialization is over for good once any regular container was made. */
export function hasRegularContainer(pod: Pod, status: PodRuntimeStatus): boolean {
  return pod.spec.containers.some((container) => latestContainer(status, container.name) !== undefined);
}
