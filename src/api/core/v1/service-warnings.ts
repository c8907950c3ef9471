import { FieldPath, type Warnings } from '#machinery';
import { warnOfCidr, warnOfIp } from '../../meta/v1/ip-warnings.ts';
import type { Service } from './service.ts';

const path = FieldPath.of('spec');
const topologyHints = 'service.kubernetes.io/topology-aware-hints';

/** What to tell who writes a service (`pkg/api/service/warnings.go`). */
export function warnOfService({ metadata, spec }: Service, warnings: Warnings): void {
  const { type = 'ClusterIP', externalIPs = [] } = spec;
  if (metadata.annotations && topologyHints in metadata.annotations) {
    warnings.add(`annotation ${topologyHints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  }
  warnOfAddresses(spec, warnings);
  const isHeadless = type === 'ClusterIP' && spec.clusterIP === 'None';
  if (isHeadless) warnOfHeadless(spec, warnings);
  else if (externalIPs.length > 0 && type !== 'ExternalName') {
    warnings.add('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  }
  if (type === 'ExternalName' && externalIPs.length > 0) {
    warnings.add('spec.externalIPs is ignored when spec.type is "ExternalName"');
  }
  if (type !== 'ExternalName' && spec.externalName) {
    warnings.add('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  if (spec.trafficDistribution === 'PreferClose') {
    warnings.at(path.child('trafficDistribution'), '"PreferClose" is deprecated; use "PreferSameZone"');
  }
}

function warnOfAddresses(spec: Service['spec'], warnings: Warnings): void {
  for (const field of ['clusterIPs', 'externalIPs'] as const) {
    for (const [at, ip] of (spec[field] ?? []).entries()) warnOfIp(ip, warnings, path.child(field).index(at));
  }
  if (spec.loadBalancerIP) warnOfIp(spec.loadBalancerIP, warnings, path.child('loadBalancerIP'));
  for (const [at, range] of (spec.loadBalancerSourceRanges ?? []).entries()) {
    warnOfCidr(range, warnings, path.child('loadBalancerSourceRanges').index(at));
  }
}

/** Without an address of its own there is nothing that could be balanced. */
function warnOfHeadless(
  { loadBalancerIP, externalIPs = [], sessionAffinity }: Service['spec'],
  warnings: Warnings,
): void {
  if (loadBalancerIP) warnings.add('spec.loadBalancerIP is ignored for headless services');
  if (externalIPs.length > 0) warnings.add('spec.externalIPs is ignored for headless services');
  if (sessionAffinity !== 'None') warnings.add('spec.SessionAffinity is ignored for headless services');
}
