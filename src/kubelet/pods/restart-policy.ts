import type { Container, Pod } from '#api';
import { latestContainer, type PodRuntimeStatus } from '../runtime/pod-runtime-status.ts';
import { podRestartPolicy } from './containers.ts';

/** Whether a container that ended with this code starts again: its own policy and rules count before the pod's. */
export function restartsAfter(container: Container, pod: Pod, exitCode: number): boolean {
  for (const rule of container.restartPolicyRules ?? []) {
    const values = rule.exitCodes?.values ?? [];
    const matches = rule.exitCodes?.operator === 'NotIn' ? !values.includes(exitCode) : values.includes(exitCode);
    if (rule.exitCodes && matches) return true;
  }
  const policy = container.restartPolicy ?? podRestartPolicy(pod);
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** Whether a container that does not run shall be started, for the first time or again. */
export function shouldStart(container: Container, pod: Pod, status: PodRuntimeStatus): boolean {
  if (pod.metadata.deletionTimestamp) return false;
  const last = latestContainer(status, container.name);
  if (!last || last.state === 'unknown' || last.state === 'created') return true;
  if (last.state === 'running') return false;
  return restartsAfter(container, pod, last.exitCode);
}
