import type { Pod } from '#api';
import { findContainer, initContainers, isSidecar } from '../pods/containers.ts';
import { podIpsOf, type PodRuntimeStatus, type RuntimeContainer } from '../runtime/pod-runtime-status.ts';
import { killContainer, type Killer } from './kill-container.ts';
import type { RuntimeService } from '#cri';

export interface PodKiller extends Killer {
  readonly runtime: Pick<RuntimeService, 'execSync' | 'stopContainer' | 'stopPodSandbox'>;
}

export interface PodKill {
  readonly pod: Pod;
  readonly status: PodRuntimeStatus;
  readonly graceSeconds: number;
  readonly hurry?: AbortSignal;
}

/**
 * Ends all containers of a pod side by side, then its sandboxes. Sidecars are stopped when the regular containers have ended,
 * the last one first, so that they serve to the end; their hooks run at once with the others'.
 */
export async function killPod({ pod, status, graceSeconds, hurry }: PodKill, killer: PodKiller): Promise<void> {
  const running = status.containers.filter(
    ({ state }) => state === 'running' || state === 'unknown' || state === 'created',
  );
  const podIp = podIpsOf(status)[0] ?? '';
  const kill = (target: RuntimeContainer, turn?: Promise<void>): Promise<void> => {
    const container = findContainer(pod, target.name) ?? { name: target.name };
    const message = `Stopping container ${target.name}`;
    return killContainer({ pod, container, containerId: target.id, podIp, message, graceSeconds, turn, hurry }, killer);
  };
  const sidecars = new Set(
    initContainers(pod)
      .filter(isSidecar)
      .map(({ name }) => name),
  );
  const regular = running.filter(({ name }) => !sidecars.has(name)).map((target) => kill(target));
  const ends = [...regular];
  let before: Promise<unknown> = Promise.allSettled(regular);
  for (const { name } of initContainers(pod).toReversed()) {
    const target = sidecars.has(name) ? running.find((other) => other.name === name) : undefined;
    if (!target) continue;
    const turn = withinGrace(before, graceSeconds, killer);
    const end = kill(target, turn);
    ends.push(end);
    before = Promise.allSettled([before, end]);
  }
  const results = await Promise.allSettled(ends);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  for (const sandbox of status.sandboxes) await killer.runtime.stopPodSandbox({ podSandboxId: sandbox.id });
}

async function withinGrace(before: Promise<unknown>, graceSeconds: number, { clock }: PodKiller): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.timer(graceSeconds * 1000, resolve);
  await Promise.race([before, promise]);
  timer.cancel();
}
