import type { PodRuntimeStatus, RuntimeContainer } from '../runtime/pod-runtime-status.ts';

/** Containers and sandboxes of a pod that nobody needs any more. */
export interface Garbage {
  readonly containers: readonly RuntimeContainer[];
  readonly sandboxIds: readonly string[];
}

/**
 * What can be removed while the pod lives: of each container name all dead ones but the newest dead, which `logs --previous`
 * shows, and sandboxes that were replaced and hold no container that stays.
 */
export function garbageOf(status: PodRuntimeStatus): Garbage {
  const seenDead = new Set<string>();
  const containers: RuntimeContainer[] = [];
  const kept = new Set<string>();
  for (const container of status.containers) {
    const dead = container.state === 'exited';
    if (dead && seenDead.has(container.name)) containers.push(container);
    else kept.add(container.sandboxId);
    if (dead) seenDead.add(container.name);
  }
  const sandboxIds = status.sandboxes.slice(1).flatMap(({ id, ready }) => (ready || kept.has(id) ? [] : [id]));
  return { containers, sandboxIds };
}
