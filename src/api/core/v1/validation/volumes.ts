import { isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import type { Volume } from '../volume.ts';
import { validateIscsiLength } from './iscsi.ts';
import type { Volumes } from './mounts.ts';
import { podVolumeChecks } from './pod-volume-sources.ts';
import { validateOneSource } from './volume-sources.ts';

/**
 * The volumes of a pod, or of a template, which has no name; returns those that containers can mount, by name: what is
 * wrong with a volume itself is told again of who mounts it.
 */
export function validateVolumes(
  volumes: readonly Volume[],
  podName: string | undefined,
  errors: FieldErrors,
  path: FieldPath,
): Volumes {
  const byName = new Map<string, Volume>();
  const ephemeral = podName ? volumes.filter((one) => one.ephemeral) : [];
  const made = ephemeral.length > 0 ? new Set(ephemeral.map(({ name }) => `${podName}-${name}`)) : undefined;
  volumes.forEach((volume, at) => {
    const here = path.index(at);
    validateVolume(volume, podName, errors, here);
    if (byName.has(volume.name)) errors.duplicate(here.child('name'), volume.name);
    else if (!isFaulty(here, errors)) byName.set(volume.name, volume);
    const claim = volume.persistentVolumeClaim?.claimName ?? '';
    if (made?.has(claim)) {
      const why = 'must not reference a PVC that gets created for an ephemeral volume';
      errors.invalid(here.child('persistentVolumeClaim', 'claimName'), claim, why);
    }
  });
  return byName;
}

function isFaulty(path: FieldPath, errors: FieldErrors): boolean {
  if (errors.empty) return false;
  const start = path.toString();
  return errors.list.some(({ field }) => field.startsWith(start));
}

function validateVolume(volume: Volume, podName: string | undefined, errors: FieldErrors, path: FieldPath): void {
  const { name, iscsi, image } = volume;
  const kind = validateOneSource(podVolumeChecks, volume, errors, path);
  if (iscsi) validateIscsiLength(iscsi, name, name, errors, path.child('name'));
  if (kind === 'ephemeral' && podName && name !== '') validateClaimName(podName, name, errors, path.child('name'));
  // Who makes pods of a template may fill the image in.
  if (kind === 'image' && podName !== undefined && !image?.reference) errors.required(path.child('image', 'reference'));
}

/** The claim that is made for the pod bears the names of both. */
function validateClaimName(podName: string, name: string, errors: FieldErrors, path: FieldPath): void {
  const claim = `${podName}-${name}`;
  for (const why of isDns1123Subdomain(claim)) errors.invalid(path, name, `PVC name ${JSON.stringify(claim)}: ${why}`);
}
