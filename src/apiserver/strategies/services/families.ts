import { FieldErrors, FieldPath, invalid, isEqualJson } from '#machinery';
import type { Service } from '#api';
import { familyOf, type Family } from './address-range.ts';
import { isHeadless, needsClusterIp } from './traits.ts';

type Spec = Service['spec'];

const path = FieldPath.of('spec');
const policyPath = path.child('ipFamilyPolicy');
const dualPolicies = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";

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

/**
 * Fills in the families of a Service's addresses by those that the cluster has, the usual one first. Throws StatusError
 * for what contradicts itself or the cluster (`initIPFamilyFields` in `registry/core/service/storage/alloc.go`).
 */
export function initFamilies(service: Service, old: Service | undefined, families: readonly Family[]): void {
  const { spec } = service;
  if (!needsClusterIp(service) || (old && isKeptPreference(spec, old.spec))) return;
  spec.ipFamilyPolicy ??= policyOf(service, old);
  const errors = new FieldErrors();
  if (old) followPolicy(spec, old.spec, errors);
  checkSingle(spec, errors);
  inferFamilies(spec, families, errors);
  refuse(service, errors);
  if (isByHand(service)) return initByHand(spec, families);
  checkConfigured(spec, families, errors);
  refuse(service, errors);
  const chosen = spec.ipFamilies?.length ? spec.ipFamilies : families.slice(0, 1);
  const isDual = spec.ipFamilyPolicy !== 'SingleStack' && families.length === 2;
  spec.ipFamilies = isDual ? withOther(chosen) : [...chosen];
}

/** Who prefers two families gets what there was at first, and no more when the cluster changes. */
function isKeptPreference(spec: Spec, old: Spec): boolean {
  const policies = [spec.ipFamilyPolicy, old.ipFamilyPolicy ?? 'PreferDualStack'];
  if (spec.type !== old.type || policies.some((one) => one !== 'PreferDualStack')) return false;
  return (
    isEqualJson(spec.clusterIPs ?? [], old.clusterIPs ?? []) && isEqualJson(spec.ipFamilies ?? [], old.ipFamilies ?? [])
  );
}

function policyOf(service: Service, old: Service | undefined): NonNullable<Spec['ipFamilyPolicy']> {
  return old?.spec.ipFamilyPolicy ?? (isByHand(service) ? 'RequireDualStack' : 'SingleStack');
}

/** Who lists the endpoints by hand may have them in both families. */
function isByHand(service: Service): boolean {
  return isHeadless(service) && Object.keys(service.spec.selector ?? {}).length === 0;
}

/** To have a single family gives up the second address, if nothing else changes; nothing else may give it up. */
function followPolicy(spec: Spec, old: Spec, errors: FieldErrors): void {
  const [ips, oldIps] = [spec.clusterIPs ?? [], old.clusterIPs ?? []];
  const [families, oldFamilies] = [spec.ipFamilies ?? [], old.ipFamilies ?? []];
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (isEqualJson(ips, oldIps) && ips.length > 1) spec.clusterIPs = ips.slice(0, 1);
    if (isEqualJson(families, oldFamilies) && families.length > 1) spec.ipFamilies = families.slice(0, 1);
    return;
  }
  const release = "must be 'SingleStack' to release the secondary";
  if (ips.length > 0 && ips.length < oldIps.length) {
    errors.invalid(policyPath, spec.ipFamilyPolicy, `${release} cluster IP`);
  }
  if (families.length > 0 && families.length < oldFamilies.length) {
    errors.invalid(policyPath, spec.ipFamilyPolicy, `${release} IP family`);
  }
}

function checkSingle({ ipFamilyPolicy, clusterIPs = [], ipFamilies = [] }: Spec, errors: FieldErrors): void {
  if (ipFamilyPolicy !== 'SingleStack') return;
  if (clusterIPs.length === 2) {
    errors.invalid(policyPath, ipFamilyPolicy, `${dualPolicies} cluster IPs are specified`);
  }
  if (ipFamilies.length === 2) {
    errors.invalid(policyPath, ipFamilyPolicy, `${dualPolicies} IP families are specified`);
  }
}

/** An address that is named says which family is meant. */
function inferFamilies(spec: Spec, families: readonly Family[], errors: FieldErrors): void {
  const { clusterIPs = [] } = spec;
  if (clusterIPs[0] === 'None') return;
  for (const [at, ip] of clusterIPs.entries()) {
    if (at < (spec.ipFamilies?.length ?? 0)) continue;
    const family = familyOf(ip);
    if (families.includes(family)) spec.ipFamilies = [...(spec.ipFamilies ?? []), family];
    else errors.invalid(path.child('clusterIPs').index(at), clusterIPs, `${family} is not configured on this cluster`);
  }
}

function initByHand(spec: Spec, families: readonly Family[]): void {
  const chosen = spec.ipFamilies?.length ? spec.ipFamilies : families.slice(0, 1);
  spec.ipFamilies = spec.ipFamilyPolicy === 'SingleStack' ? [...chosen] : withOther(chosen);
}

function checkConfigured(spec: Spec, families: readonly Family[], errors: FieldErrors): void {
  if (spec.ipFamilyPolicy === 'RequireDualStack' && families.length < 2) {
    errors.invalid(policyPath, spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services');
  }
  for (const [at, family] of (spec.ipFamilies ?? []).entries()) {
    if (families.includes(family)) continue;
    errors.invalid(path.child('ipFamilies').index(at), family, 'not configured on this cluster');
  }
}

function withOther(chosen: readonly Family[]): Family[] {
  if (chosen.length !== 1) return [...chosen];
  return [...chosen, chosen[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
}

function refuse({ metadata }: Service, errors: FieldErrors): void {
  if (!errors.empty) throw invalid({ group: '', kindName: 'Service' }, metadata.name ?? '', errors);
}
