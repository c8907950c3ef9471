import type { Container, Pod } from '#api';
import { messageOf } from '#base';
import { killContainer } from '../lifecycle/kill-container.ts';
import { killPod } from '../lifecycle/kill-pod.ts';
import { isAnyRunning, podIpsOf, type PodRuntimeStatus } from '../runtime/pod-runtime-status.ts';
import { readPodStatus } from '../runtime/read-pod-status.ts';
import { sandboxConfig } from '../runtime/sandbox-config.ts';
import type { WaitingReason } from '../status/container-statuses.ts';
import type { PodSandboxConfig } from '#cri';
import { computePodActions, type ContainerToKill, type PodActions, type ProbeResults } from './compute-pod-actions.ts';
import { isSidecar } from './containers.ts';
import { podEvents } from './events.ts';
import type { NodeServices } from './node-services.ts';
import { envContext, makePodDirectories, prepareVolumes, pullSecrets, writeHosts } from './prepare-pod.ts';
import { resizesOf, type ContainerToResize } from './resize.ts';
import { startContainer, type StartContext } from './start-container.ts';
import { StartError } from './start-error.ts';

/** Work that is done until it has succeeded once. */
export class Once<T> {
  #result: { value: T } | undefined;

  async get(work: () => Promise<T>): Promise<T> {
    this.#result ??= { value: await work() };
    return this.#result.value;
  }
}

export interface SyncInput {
  readonly pod: Pod;
  readonly status: PodRuntimeStatus;
  readonly probes: ProbeResults;
  /** Why containers wait; entries are put and taken as starts fail and succeed. */
  readonly waiting: Map<string, WaitingReason>;
  /** Laid once in a worker's life. */
  readonly ground: Once<string>;
  readonly signal: AbortSignal;
  /** Called when something changed that the status should tell at once. */
  readonly changed: () => void;
}

/**
 * One step from what runs to what is wanted (upstream `kubelet.go` SyncPod and `kuberuntime_manager.go` SyncPod). Returns whether
 * anything was done that calls for another look.
 */
export async function syncPod(input: SyncInput, services: NodeServices): Promise<boolean> {
  const { pod, status, signal } = input;
  const actions = computePodActions(pod, status, input.probes);
  const resizes = actions.killPod ? [] : planResizes(pod, status, actions);
  const cgroupParent = await input.ground.get(() => layGround(pod, services));
  const volumes = await prepareVolumes(pod, podIpsFor(pod, status, services), services);
  signal.throwIfAborted();
  if (actions.killPod) await endForSandbox(actions, input, services);
  else for (const kill of actions.kill) await endContainer(kill, input, services);
  if (resizes.length > 0) await resize(pod, resizes, services);
  // Where nothing was left to end, another look would find the same.
  if (actions.killPod && !actions.createSandbox)
    return isAnyRunning(status) || status.sandboxes.some(({ ready }) => ready);
  const { ephemeral, init, regular } = actions.start;
  const hasActed = actions.kill.length + resizes.length > 0;
  if (!actions.createSandbox && ephemeral.length + init.length + regular.length === 0) return hasActed;
  const secrets = await pullSecrets(pod, services);
  const sandbox = makeSandboxConfig(pod, actions.attempt, cgroupParent, services);
  const sandboxId = actions.createSandbox ? await createSandbox(sandbox, input, services) : actions.sandboxId;
  const known = actions.createSandbox ? await readPodStatus(services.runtime, status.uid, signal) : status;
  const podIps = podIpsFor(pod, known, services);
  const context: StartContext = {
    pod,
    status: known,
    sandboxId,
    sandbox,
    podIp: podIps[0] ?? '',
    env: await envContext(pod, podIps, services),
    volumes,
    secrets,
    podDirectory: services.volumes.podDirectory(status.uid),
    hostsPath: await writeHosts(pod, podIps, services),
    signal,
  };
  const started = await startAll([...ephemeral, ...init, ...regular], context, input, services);
  return started || actions.createSandbox || hasActed;
}

/** Of the containers that are to be resized, plans those anew that want that; returns them all. */
function planResizes(pod: Pod, status: PodRuntimeStatus, actions: PodActions): ContainerToResize[] {
  const resizes = resizesOf(pod, status).filter(({ id }) => !actions.kill.some((kill) => kill.id === id));
  for (const { id, container } of resizes.filter(({ mustRestart }) => mustRestart)) {
    const message = `Container ${container.name} resize requires restart`;
    actions.kill.push({ id, container, message, reason: 'Resized' });
    (isSidecar(container) ? actions.start.init : actions.start.regular).push(container);
  }
  return resizes;
}

/** Gives running containers their new limits, within those of the pod. */
async function resize(pod: Pod, resizes: readonly ContainerToResize[], services: NodeServices): Promise<void> {
  await services.cgroups.widen(pod);
  for (const { id, resources, mustRestart } of resizes)
    if (!mustRestart)
      await services.runtime.updateContainerResources({ containerId: id, linux: resources, annotations: {} });
  await services.cgroups.create(pod);
}

/** Makes what the pod stands on; returns its cgroup. */
async function layGround(pod: Pod, services: NodeServices): Promise<string> {
  await makePodDirectories(pod, services);
  return services.cgroups.create(pod);
}

function podIpsFor(pod: Pod, status: PodRuntimeStatus, { node }: NodeServices): readonly string[] {
  return pod.spec.hostNetwork ? node.hostIps : podIpsOf(status);
}

async function endForSandbox(actions: PodActions, { pod, status }: SyncInput, services: NodeServices): Promise<void> {
  if (actions.createSandbox && actions.sandboxId !== '') {
    const message = 'Pod sandbox changed, it will be killed and re-created.';
    podEvents(services.recorder, pod).normal('SandboxChanged', message);
  }
  if (status.sandboxes.length === 0 && status.containers.length === 0) return;
  await killPod({ pod, status, graceSeconds: pod.spec.terminationGracePeriodSeconds ?? 30 }, services);
}

async function endContainer(kill: ContainerToKill, { pod, status }: SyncInput, services: NodeServices): Promise<void> {
  const { id: containerId, container, message, reason } = kill;
  const probe =
    reason === 'LivenessProbe'
      ? container.livenessProbe
      : reason === 'StartupProbe'
        ? container.startupProbe
        : undefined;
  const graceSeconds = probe?.terminationGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  const podIp = podIpsFor(pod, status, services)[0] ?? '';
  await killContainer({ pod, container, containerId, podIp, message, graceSeconds }, services);
}

function makeSandboxConfig(
  pod: Pod,
  attempt: number,
  cgroupParent: string,
  { node, recorder }: NodeServices,
): PodSandboxConfig {
  try {
    const { dns, name, logDirectory } = node;
    return sandboxConfig(pod, attempt, { dns, nodeName: name, logDirectory, cgroupParent });
  } catch (error) {
    podEvents(recorder, pod).warning('FailedCreatePodSandBox', `Failed to create pod sandbox: ${messageOf(error)}`);
    throw error;
  }
}

async function createSandbox(
  config: PodSandboxConfig,
  { pod, signal }: SyncInput,
  services: NodeServices,
): Promise<string> {
  try {
    const request = { config, runtimeHandler: '' };
    return (await services.runtime.runPodSandbox(request, signal)).podSandboxId;
  } catch (error) {
    podEvents(services.recorder, pod).warning(
      'FailedCreatePodSandBox',
      `Failed to create pod sandbox: ${messageOf(error)}`,
    );
    throw error;
  }
}

/** Starts containers one after the other; one that fails does not keep the others from their start. */
async function startAll(
  containers: readonly Container[],
  context: StartContext,
  { waiting, signal, changed }: SyncInput,
  services: NodeServices,
): Promise<boolean> {
  const { memoryCapacity } = services.node;
  const limits = { memoryCapacity, cgroupVersion: await services.cgroups.version() };
  let any = false;
  for (const container of containers) {
    signal.throwIfAborted();
    try {
      await startContainer(container, context, { ...services, limits });
      waiting.delete(container.name);
      any = true;
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      services.log.debug(
        { pod: context.pod.metadata.name, container: container.name, reason: error.reason },
        error.message,
      );
      waiting.set(container.name, { reason: error.reason, message: error.message });
      changed();
    }
  }
  return any;
}
