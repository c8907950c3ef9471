import { Quantity, type FieldErrors, type FieldPath } from '#machinery';
import type { Volume } from '../volume.ts';
import { validateClaimTemplate } from './claim-spec.ts';
import type { Volumes } from './mounts.ts';
import { validateFileMode, validateNoBacksteps } from './paths.ts';
import { validateDownwardFiles, validateKeyedFiles, validateProjected } from './projected.ts';

/** The volumes of a pod; returns those that containers can mount, by name. */
export function validateVolumes(volumes: readonly Volume[], errors: FieldErrors, path: FieldPath): Volumes {
  const byName = new Map<string, Volume>();
  for (const [at, volume] of volumes.entries()) {
    const here = path.index(at);
    validateSource(volume, errors, here);
    if (byName.has(volume.name)) errors.duplicate(here.child('name'), volume.name);
    else if (volume.name !== '') byName.set(volume.name, volume);
  }
  return byName;
}

function validateSource(volume: Volume, errors: FieldErrors, path: FieldPath): void {
  const kinds = Object.entries(volume).filter(([name, value]) => name !== 'name' && value !== undefined);
  if (kinds.length === 0) errors.required(path, 'must specify a volume type');
  for (const [kind] of kinds.slice(1)) {
    errors.forbidden(path.child(kind), 'may not specify more than 1 volume type');
  }
  validateFileSources(volume, errors, path);
  validateOtherSources(volume, errors, path);
}

/** The sources whose files the kubelet writes. */
function validateFileSources(volume: Volume, errors: FieldErrors, path: FieldPath): void {
  const { secret, configMap, downwardAPI, projected } = volume;
  if (secret) {
    const at = path.child('secret');
    if (!secret.secretName) errors.required(at.child('secretName'));
    validateFileMode(secret.defaultMode, errors, at.child('defaultMode'));
    validateKeyedFiles(secret.items, errors, at.child('items'));
  }
  if (configMap) {
    const at = path.child('configMap');
    if (!configMap.name) errors.required(at.child('name'));
    validateFileMode(configMap.defaultMode, errors, at.child('defaultMode'));
    validateKeyedFiles(configMap.items, errors, at.child('items'));
  }
  if (downwardAPI) {
    validateFileMode(downwardAPI.defaultMode, errors, path.child('downwardAPI', 'defaultMode'));
    validateDownwardFiles(downwardAPI.items, errors, path.child('downwardAPI'));
  }
  if (projected) validateProjected(projected, errors, path.child('projected'));
}

function validateOtherSources(volume: Volume, errors: FieldErrors, path: FieldPath): void {
  const { emptyDir, hostPath, nfs, image, ephemeral } = volume;
  if (emptyDir?.sizeLimit !== undefined && Quantity.parse(emptyDir.sizeLimit).sign() < 0) {
    errors.forbidden(path.child('emptyDir', 'sizeLimit'), 'SizeLimit field must be a valid resource quantity');
  }
  if (hostPath?.path) validateNoBacksteps(hostPath.path, errors, path.child('hostPath', 'path'));
  if (nfs?.path && !nfs.path.startsWith('/')) {
    errors.invalid(path.child('nfs', 'path'), nfs.path, 'must be an absolute path');
  }
  if (image && !image.reference) errors.required(path.child('image', 'reference'));
  if (!ephemeral) return;
  const at = path.child('ephemeral', 'volumeClaimTemplate');
  if (ephemeral.volumeClaimTemplate) validateClaimTemplate(ephemeral.volumeClaimTemplate, errors, at);
  else errors.required(at);
}
