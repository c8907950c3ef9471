import { FieldPath, isEqualJson, type Warnings } from '#machinery';
import { nodeLabelWarning, warnOfExpressions } from '../../core/v1/warnings/node-labels.ts';
import type { CSIDriver } from './csi-driver.ts';
import type { CSIStorageCapacity } from './csi-storage-capacity.ts';
import type { StorageClass } from './storage-class.ts';

/** Where volumes of a class may be, by labels whose time is over (`pkg/api/storage/util.go`). */
export function warnOfStorageClass({ allowedTopologies = [] }: StorageClass, warnings: Warnings): void {
  for (const [at, { matchLabelExpressions = [] }] of allowedTopologies.entries()) {
    const path = FieldPath.of('allowedTopologies').index(at).child('matchLabelExpressions');
    for (const [index, { key }] of matchLabelExpressions.entries()) {
      const why = nodeLabelWarning(key);
      if (why !== undefined) warnings.at(path.index(index).child('key'), why);
    }
  }
}

/** Where there is room, by labels whose time is over. */
export function warnOfStorageCapacity({ nodeTopology }: CSIStorageCapacity, warnings: Warnings): void {
  const path = FieldPath.of('nodeTopology');
  warnOfExpressions(nodeTopology?.matchExpressions, warnings, path.child('matchExpressions'));
  for (const key of Object.keys(nodeTopology?.matchLabels ?? {})) {
    const why = nodeLabelWarning(key);
    if (why !== undefined) warnings.at(path.child('matchLabels', key), why);
  }
}

/** Tokens should not lie where drivers log what they are told (`pkg/registry/storage/csidriver/strategy.go`). */
export function warnOfCsiDriver({ spec }: CSIDriver, warnings: Warnings, old?: CSIDriver): void {
  const { tokenRequests = [], serviceAccountTokenInSecrets } = spec;
  if (tokenRequests.length === 0 || serviceAccountTokenInSecrets !== undefined) return;
  if (old && isEqualJson(tokenRequests, old.spec.tokenRequests)) return;
  const why =
    'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';
  warnings.add(why);
}
