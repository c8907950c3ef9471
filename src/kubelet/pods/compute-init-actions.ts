import type { Container, Pod } from '#api';
import { latestContainer, type PodRuntimeStatus, type RuntimeContainer } from '../runtime/pod-runtime-status.ts';
import type { PodActions, ProbeResults } from './compute-pod-actions.ts';
import { initContainers, isSidecar, podRestartPolicy } from './containers.ts';

/**
 * Plans the init containers: one after the other, each started when the one before has ended well or, for a sidecar, has
 * started. Returns whether initialization is done, so that regular containers may start.
 * Walks from the last to the first, so that the newest one that ever ran decides where the pod stands; sidecars before it are
 * only kept alive (`kuberuntime_container.go` computeInitContainerActions upstream).
 */
export function computeInitActions(
  pod: Pod,
  status: PodRuntimeStatus,
  probes: ProbeResults,
  actions: PodActions,
): boolean {
  const all = initContainers(pod);
  if (all.length === 0) return true;
  let initialized = pod.spec.containers.some((container) => latestContainer(status, container.name) !== undefined);
  let decided = initialized;
  const start = new Set<number>();
  for (let index = all.length - 1; index >= 0; index--) {
    const container = all[index];
    if (!container) continue;
    const last = latestContainer(status, container.name);
    if (!last) {
      // A sidecar whose record is gone: it ran before, so it must run again.
      if (decided && isSidecar(container)) start.add(index);
      continue;
    }
    const verdict = judge(pod, container, last, probes, actions);
    if (verdict === 'failed') {
      actions.killPod = true;
      actions.start.init = [];
      return false;
    }
    // Before the deciding one only sidecars matter; ended init containers stay ended.
    if (verdict === 'start' && (!decided || isSidecar(container))) start.add(index);
    if (decided) continue;
    decided = true;
    if (verdict === 'done') {
      if (index === all.length - 1) initialized = true;
      else start.add(index + 1);
    }
  }
  if (!decided) start.add(0);
  actions.start.init = [...start].sort((a, b) => a - b).flatMap((index) => all[index] ?? []);
  return initialized;
}

type Verdict = 'done' | 'wait' | 'start' | 'failed';

function judge(
  pod: Pod,
  container: Container,
  last: RuntimeContainer,
  probes: ProbeResults,
  actions: PodActions,
): Verdict {
  if (last.state === 'running') return isSidecar(container) ? judgeSidecar(container, last, probes, actions) : 'wait';
  if (last.state === 'created') return 'start';
  if (last.state === 'unknown') {
    const message = 'Init container is in "unknown" state, try killing it before restart';
    actions.kill.push({ id: last.id, container, message, reason: 'Unknown' });
    return podRestartPolicy(pod) === 'Never' && !isSidecar(container) ? 'failed' : 'start';
  }
  if (isSidecar(container)) return 'start';
  if (last.exitCode === 0) return 'done';
  return podRestartPolicy(pod) === 'Never' ? 'failed' : 'start';
}

function judgeSidecar(
  container: Container,
  last: RuntimeContainer,
  probes: ProbeResults,
  actions: PodActions,
): Verdict {
  const startup = container.startupProbe ? probes.startup(last.id) : 'success';
  const failed = startup === 'failure' ? 'startup' : probes.liveness(last.id) === 'failure' ? 'liveness' : undefined;
  if (failed) {
    const message = `Init container ${container.name} failed ${failed} probe`;
    const reason = failed === 'startup' ? 'StartupProbe' : 'LivenessProbe';
    actions.kill.push({ id: last.id, container, message, reason });
    return 'start';
  }
  return startup === 'success' ? 'done' : 'wait';
}
