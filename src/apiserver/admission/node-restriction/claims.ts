import type { PersistentVolumeClaim } from '#api';
import { isEqualJson } from '#machinery';
import { refused } from '../refused.ts';
import type { NodeWrite } from './node-write.ts';

/** A kubelet says how large a volume has become, and nothing else. */
export function judgeClaimStatus(
  { node, attributes }: NodeWrite,
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
): void {
  if (attributes.operation !== 'UPDATE') {
    throw refused(attributes, `unexpected operation ${JSON.stringify(attributes.operation)}`);
  }
  if (isEqualJson(beside(claim), beside(old))) return;
  const who = `node ${JSON.stringify(node)}`;
  throw refused(attributes, `${who} is not allowed to update fields other than status.quantity and status.conditions`);
}

/** The claim without what a kubelet may change. */
function beside({ metadata, spec, status }: PersistentVolumeClaim): object {
  const { resourceVersion: _revision, managedFields: _managed, ...meta } = metadata;
  const {
    capacity: _capacity,
    conditions: _conditions,
    allocatedResources: _allocated,
    allocatedResourceStatuses: _statuses,
    ...rest
  } = status;
  return { meta, spec, rest };
}
