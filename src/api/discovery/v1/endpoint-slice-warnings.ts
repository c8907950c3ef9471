import { FieldPath, type Warnings } from '#machinery';
import { warnOfIp } from '../../meta/v1/ip-warnings.ts';
import type { EndpointSlice } from './endpoint-slice.ts';

const managedBy = 'endpointslice.kubernetes.io/managed-by';
const controllers = ['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io'];

/** What to tell who writes a slice (`pkg/registry/discovery/endpointslice/strategy.go`). */
export function warnOfEndpointSlice(slice: EndpointSlice, warnings: Warnings, old?: EndpointSlice): void {
  const { metadata, addressType, endpoints } = slice;
  if (!old && addressType === 'FQDN') {
    warnings.at(FieldPath.of('spec', 'addressType'), 'FQDN endpoints are deprecated');
  }
  // The controllers shorten addresses themselves.
  if (controllers.includes(metadata.labels?.[managedBy] ?? '')) return;
  for (const [at, { addresses }] of (endpoints ?? []).entries()) {
    const path = FieldPath.of('endpoints').index(at).child('addresses');
    for (const [index, ip] of addresses.entries()) warnOfIp(ip, warnings, path.index(index));
  }
}
