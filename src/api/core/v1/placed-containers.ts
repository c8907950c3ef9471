import type { FieldPath } from '#machinery';
import type { Container } from './container.ts';
import type { EphemeralContainer } from './ephemeral-container.ts';
import type { PodSpec } from './pod-spec.ts';

/** A container with its place in the pod. */
export interface PlacedContainer<C = Container | EphemeralContainer> {
  readonly container: C;
  readonly path: FieldPath;
}

/** All containers of a pod, in the order in which they come to run. */
export function containersOf(spec: PodSpec, path: FieldPath): PlacedContainer[] {
  const placed: PlacedContainer[] = [];
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    if (!spec[field]) continue;
    const list = path.child(field);
    spec[field].forEach((container, at) => placed.push({ container, path: list.index(at) }));
  }
  return placed;
}
