import { FieldPath, type Warnings } from '#machinery';
import { warnOfIp } from '../../../meta/v1/ip-warnings.ts';
import type { Endpoints } from '../endpoints.ts';

const managedBy = 'endpoints.kubernetes.io/managed-by';

/** Addresses that could be shorter; the endpoints controller, which writes most of them, shortens them itself. */
export function warnOfEndpoints({ metadata, subsets = [] }: Endpoints, warnings: Warnings): void {
  if (metadata.labels?.[managedBy] === 'endpoint-controller') return;
  for (const [at, subset] of subsets.entries()) {
    for (const list of ['addresses', 'notReadyAddresses'] as const) {
      const path = FieldPath.of('subsets').index(at).child(list);
      for (const [index, { ip }] of (subset[list] ?? []).entries())
        warnOfIp(ip, warnings, path.index(index).child('ip'));
    }
  }
}
