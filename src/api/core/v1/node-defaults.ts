import type { Node } from './node.ts';

/** A node that does not say what it gives to pods gives everything (`pkg/apis/core/v1/defaults.go`). */
export function setNodeDefaults({ status }: Node): void {
  if (status.capacity) status.allocatable ??= { ...status.capacity };
}
