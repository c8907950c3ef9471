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
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((field) =>
    (spec[field] ?? []).map((container, at) => ({ container, path: path.child(field).index(at) })),
  );
}
