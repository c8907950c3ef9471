import { FieldPath, type FieldErrors } from '#machinery';
import { validateCidr } from '../../../meta/v1/ip-validation.ts';
import type { Service } from '../service.ts';

const path = FieldPath.of('metadata', 'annotations');
const hints = 'service.kubernetes.io/topology-aware-hints';
const mode = 'service.kubernetes.io/topology-mode';
const sourceRanges = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** What was said of services before there were fields for it. */
export function validateServiceAnnotations({ metadata, spec }: Service, errors: FieldErrors, old?: Service): void {
  const { [hints]: wanted, [mode]: newer, [sourceRanges]: ranges } = metadata.annotations ?? {};
  if (wanted !== undefined && newer !== undefined && wanted !== newer) {
    errors.invalid(path.key(mode), newer, `must match annotations[${hints}] when both are specified`);
  }
  if (spec.loadBalancerSourceRanges?.length || ranges === undefined) return;
  const at = path.key(sourceRanges);
  if (spec.type !== 'LoadBalancer') errors.forbidden(at, "may only be used when `type` is 'LoadBalancer'");
  if (ranges === old?.metadata.annotations?.[sourceRanges] || ranges.trim() === '') return;
  for (const range of ranges.split(',')) validateCidr(range.trim(), errors, at);
}
