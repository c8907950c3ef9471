import { isIPv6 } from 'node:net';
import { FieldPath, type FieldErrors } from '#machinery';
import { validateIp } from '../../../meta/v1/ip-validation.ts';
import type { Service, ServiceSpec } from '../service.ts';

const path = FieldPath.of('spec');
const fixed = 'may not change once set';

/** A service without an address of its own: its name leads to its pods. */
export function isHeadless({ clusterIPs, clusterIP }: ServiceSpec): boolean {
  return clusterIPs ? clusterIPs.length === 1 && clusterIPs[0] === 'None' : clusterIP === 'None';
}

/** The addresses inside the cluster, and their families (`ValidateServiceClusterIPsRelatedFields`). */
export function validateClusterIps({ spec }: Service, errors: FieldErrors): void {
  const { clusterIP = '', clusterIPs = [], ipFamilies = [] } = spec;
  const at = path.child('clusterIPs');
  if (clusterIP === '') {
    if (clusterIPs.length > 0) errors.invalid(at, clusterIPs, 'must be empty when `clusterIP` is not specified');
  } else if (clusterIPs.length === 0) errors.required(at);
  else if (clusterIPs[0] !== clusterIP) errors.invalid(at, clusterIPs, 'first value must match `clusterIP`');
  for (const [index, family] of ipFamilies.entries()) {
    if (ipFamilies.indexOf(family) < index) errors.duplicate(path.child('ipFamilies').index(index), family);
  }
  if (!validateAddresses(clusterIPs, errors, at)) return;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(isIPv6)).size < clusterIPs.length) {
    errors.invalid(at, clusterIPs, 'may specify no more than one IP for each IP family');
  }
  if (!isHeadless(spec)) validateFamilies(clusterIPs, ipFamilies, errors, at);
}

function validateAddresses(ips: readonly string[], errors: FieldErrors, path: FieldPath): boolean {
  let isGood = true;
  for (const [at, ip] of ips.entries()) {
    if (at > 0 || ip !== 'None') isGood = validateIp(ip, errors, path.index(at)) && isGood;
    else if (ips.length > 1) {
      errors.invalid(path, ips, "'None' must be the first and only value");
      isGood = false;
    }
  }
  if (ips.length > 2) errors.invalid(path, ips, 'may only hold up to 2 values');
  return isGood;
}

function validateFamilies(
  ips: readonly string[],
  families: readonly string[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, ip] of ips.entries()) {
    const family = families[at];
    // An unknown family is told by the schema.
    if (family !== 'IPv4' && family !== 'IPv6') continue;
    if ((family === 'IPv6') === isIPv6(ip)) continue;
    errors.invalid(path.index(at), ip, `expected an ${family} value as indicated by \`ipFamilies[${at}]\``);
  }
}

/** An address stays; a second one may come and go. A change from or to a name in another domain changes all. */
export function validateClusterIpsUpdate({ spec }: Service, { spec: old }: Service, errors: FieldErrors): void {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return;
  if (isHeadless(spec) && isHeadless(old)) return;
  validateIps(spec, old, errors);
  if (!isHeadless(spec) && !isHeadless(old)) validateFamiliesUpdate(spec, old, errors);
}

function validateIps(
  { clusterIPs: ips = [], ipFamilyPolicy }: ServiceSpec,
  old: ServiceSpec,
  errors: FieldErrors,
): void {
  const at = path.child('clusterIPs');
  const before = old.clusterIPs ?? [];
  if (ips.length === before.length) {
    for (const [index, ip] of before.entries()) if (ip !== ips[index]) errors.invalid(at.index(index), ips, fixed);
    return;
  }
  if (ips.length === 0) errors.invalid(at.index(0), ips, 'primary clusterIP can not be unset');
  else if (before.length > 0 && ips[0] !== before[0]) errors.invalid(at.index(0), ips, fixed);
  if (before.length > ips.length && ips.length === 1 && ipFamilyPolicy !== 'SingleStack') {
    const why = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    errors.invalid(path.child('ipFamilyPolicy'), ipFamilyPolicy, why);
  }
}

function validateFamiliesUpdate(spec: ServiceSpec, old: ServiceSpec, errors: FieldErrors): void {
  const at = path.child('ipFamilies').index(0);
  const [families, before] = [spec.ipFamilies ?? [], old.ipFamilies ?? []];
  if (families.length === before.length) {
    for (const [index, family] of before.entries()) if (family !== families[index]) errors.invalid(at, families, fixed);
    return;
  }
  if (before.length > 0 && families.length > 0 && families[0] !== before[0]) errors.invalid(at, families, fixed);
  if (before.length > families.length && families.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const why = "must be set to 'SingleStack' when releasing the secondary ipFamily";
    errors.invalid(path.child('ipFamilyPolicy'), spec.ipFamilyPolicy, why);
  }
}
