import { FieldPath, type FieldErrors } from '#machinery';
import type { Service } from '#api';
import { isHeadless, needsClusterIp } from './traits.ts';

type Family = 'IPv4' | 'IPv6';

/** Makes `clusterIP` and `clusterIPs` say the same: the one that the client changed wins. */
export function normalizeClusterIps({ spec }: Service, old?: Service): void {
  const { clusterIP = '', clusterIPs = [] } = spec;
  const oldIp = old?.spec.clusterIP ?? '';
  if (clusterIPs.length === 0) {
    if (clusterIP !== '') spec.clusterIPs = [clusterIP];
    return;
  }
  if (clusterIP === '' && clusterIPs[0] !== undefined && (!old || oldIp !== clusterIPs[0])) {
    spec.clusterIP = clusterIPs[0];
  } else if (clusterIP !== oldIp && clusterIPs[0] === oldIp && old) {
    if (clusterIP === '') delete spec.clusterIPs;
    else spec.clusterIPs = [clusterIP];
  }
}

/** Fills in the families of a Service's addresses, for a cluster that has one (`registry/core/service/storage/alloc.go`). */
export function defaultFamilies(service: Service, family: Family): void {
  const { spec } = service;
  if (!needsClusterIp(service)) return;
  // Who lists the endpoints by hand may have them in both families.
  if (isHeadless(service) && Object.keys(spec.selector ?? {}).length === 0) {
    spec.ipFamilyPolicy ??= 'RequireDualStack';
    const first = spec.ipFamilies?.[0] ?? family;
    const other: Family = first === 'IPv4' ? 'IPv6' : 'IPv4';
    if (spec.ipFamilyPolicy === 'SingleStack') spec.ipFamilies ??= [first];
    else if ((spec.ipFamilies?.length ?? 0) < 2) spec.ipFamilies = [first, other];
    return;
  }
  spec.ipFamilyPolicy ??= 'SingleStack';
  spec.ipFamilies ??= [family];
}

/** Refuses families that the cluster has no addresses of. */
export function validateFamilies(service: Service, family: Family, errors: FieldErrors): void {
  const { spec } = service;
  if (!needsClusterIp(service)) return;
  if (isHeadless(service) && Object.keys(spec.selector ?? {}).length === 0) return;
  const at = FieldPath.of('spec');
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    const why = 'this cluster is not configured for dual-stack services';
    errors.invalid(at.child('ipFamilyPolicy'), spec.ipFamilyPolicy, why);
  }
  for (const [index, one] of (spec.ipFamilies ?? []).entries()) {
    if (one !== family) errors.invalid(at.child('ipFamilies').index(index), one, 'not configured on this cluster');
  }
}
