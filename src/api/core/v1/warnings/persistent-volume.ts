import { FieldPath, type Warnings } from '#machinery';
import type { PersistentVolume } from '../persistent-volume.ts';
import { warnOfExpressions } from './node-labels.ts';
import { warnOfSources } from './volumes.ts';

const annotations: readonly [key: string, message: string][] = [
  ['volume.beta.kubernetes.io/storage-class', 'deprecated since v1.8; use "storageClassName" attribute instead'],
  ['volume.beta.kubernetes.io/mount-options', 'deprecated since v1.31; use "mountOptions" attribute instead'],
];
const path = FieldPath.of('spec');

/** What to tell who writes a volume (`pkg/api/persistentvolume/util.go`). */
export function warnOfPersistentVolume({ metadata, spec }: PersistentVolume, warnings: Warnings): void {
  for (const [key, message] of annotations) {
    if (metadata.annotations?.[key] === undefined) continue;
    warnings.at(FieldPath.of('metadata', 'annotations').key(key), message);
  }
  if (spec.persistentVolumeReclaimPolicy === 'Recycle') {
    const why =
      'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
    warnings.at(path.child('persistentVolumeReclaimPolicy'), why);
  }
  const terms = path.child('nodeAffinity', 'required', 'nodeSelectorTerms');
  for (const [at, { matchExpressions }] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries()) {
    warnOfExpressions(matchExpressions, warnings, terms.index(at).child('matchExpressions'));
  }
  // Upstream says nothing of these two where they are volumes of their own.
  const { flocker: _flocker, quobyte: _quobyte, ...told } = spec;
  warnOfSources(told, warnings, path);
}
