import { isLatest } from './container-defaults.ts';
import type { DownwardAPIVolumeFile, VolumeProjection } from './projected-volume.ts';
import type { Volume } from './volume.ts';

const readableByAll = 0o644;
const tokenSeconds = 3600;

/** Fills in what a volume leaves unsaid; one without any source is an `emptyDir` (`pkg/apis/core/v1/defaults.go`). */
export function setVolumeDefaults(volume: Volume): void {
  if (Object.entries(volume).every(([name, value]) => name === 'name' || value === undefined)) volume.emptyDir = {};
  const { hostPath, secret, configMap, downwardAPI, projected, image, ephemeral } = volume;
  if (hostPath) hostPath.type ??= '';
  for (const source of [secret, configMap, downwardAPI, projected]) {
    if (source) source.defaultMode ??= readableByAll;
  }
  for (const file of downwardAPI?.items ?? []) setFileDefaults(file);
  for (const source of projected?.sources ?? []) setProjectionDefaults(source);
  if (image) image.pullPolicy ||= isLatest(image.reference ?? '') ? 'Always' : 'IfNotPresent';
  if (ephemeral?.volumeClaimTemplate) ephemeral.volumeClaimTemplate.spec.volumeMode ??= 'Filesystem';
}

function setProjectionDefaults({ serviceAccountToken, downwardAPI }: VolumeProjection): void {
  if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= tokenSeconds;
  for (const file of downwardAPI?.items ?? []) setFileDefaults(file);
}

function setFileDefaults({ fieldRef }: DownwardAPIVolumeFile): void {
  if (fieldRef) fieldRef.apiVersion ||= 'v1';
}
