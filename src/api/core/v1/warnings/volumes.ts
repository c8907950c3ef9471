import type { FieldPath, Warnings } from '#machinery';
import type { Volume } from '../volume.ts';
import { warnOfClaimSpec } from './claim.ts';

/** Kinds of volumes whose time is over. */
const deprecated = new Map([
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]);

/** Upstream tells the field of one of them by its name in Go. */
const toldAs: Readonly<Record<string, string>> = { storageos: 'storageOS' };

/** The kinds of one volume, of a pod or of its own. */
export function warnOfSources(volume: object, warnings: Warnings, path: FieldPath): void {
  if (!Object.keys(volume).some((field) => deprecated.has(field))) return;
  for (const [field, message] of deprecated) {
    if (Object.hasOwn(volume, field)) warnings.at(path.child(toldAs[field] ?? field), message);
  }
}

/** What a pod has for volumes, one by one. */
export function warnOfVolumes(volumes: readonly Volume[], warnings: Warnings, path: FieldPath): void {
  volumes.forEach((volume, at) => {
    const here = path.index(at);
    warnOfSources(volume, warnings, here);
    const template = volume.ephemeral?.volumeClaimTemplate;
    if (template) warnOfClaimSpec(template.spec, warnings, here.child('ephemeral', 'volumeClaimTemplate', 'spec'));
  });
}
