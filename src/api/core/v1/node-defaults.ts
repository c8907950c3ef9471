import type { Node } from './node.ts';

/** A node that does not say what it gives to pods gives everything (`pkg/apis/core/v1/defaults.go`). */
export function setNodeDefaults({ spec, status }: Node): void {
  if (status.capacity) status.allocatable ??= { ...status.capacity };
  // Old clients know of one range: what they say of it goes before the list (`pkg/apis/core/v1/conversion.go`).
  const { podCIDR, podCIDRs = [] } = spec;
  if (podCIDR && podCIDRs[0] !== podCIDR) spec.podCIDRs = [podCIDR];
  else if (podCIDRs[0]) spec.podCIDR = podCIDRs[0];
}
