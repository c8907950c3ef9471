import {
  isConfigMapKey,
  isDns1123Label,
  isDns1123Subdomain,
  isEnvVarName,
  type FieldErrors,
  type FieldPath,
} from '#machinery';
import type { PlacedContainer } from '../placed-containers.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { EnvFromSource, EnvVar, EnvVarSource, FileKeySelector } from '../env.ts';
import { validateNoBacksteps } from './paths.ts';
import { envFields, validateFieldRef, validateResourceFieldRef } from './downward.ts';

const tooManySources = 'may not have more than one field specified at a time';

/** The environment variables of a container, one by one. */
export function validateEnv(vars: readonly EnvVar[], errors: FieldErrors, path: FieldPath): void {
  vars.forEach(({ name, value = '', valueFrom }, at) => {
    if (name !== '') for (const why of isEnvVarName(name)) errors.invalid(path.index(at).child('name'), name, why);
    if (valueFrom) validateSource(valueFrom, value, errors, path.index(at).child('valueFrom'));
  });
}

function validateSource(source: EnvVarSource, value: string, errors: FieldErrors, path: FieldPath): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef) validateFieldRef(fieldRef, envFields, errors, path.child('fieldRef'));
  if (resourceFieldRef) validateResourceFieldRef(resourceFieldRef, false, errors, path.child('resourceFieldRef'));
  if (configMapKeyRef) validateKeyRef(configMapKeyRef, errors, path.child('configMapKeyRef'));
  if (secretKeyRef) validateKeyRef(secretKeyRef, errors, path.child('secretKeyRef'));
  if (fileKeyRef) validateFileKey(fileKeyRef, errors, path.child('fileKeyRef'));
  const count = Object.values(source).filter((one) => one !== undefined).length;
  if (count === 0) {
    const why =
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    errors.invalid(path, '', why);
  } else if (value !== '') errors.invalid(path, '', 'may not be specified when `value` is not empty');
  else if (count > 1) errors.invalid(path, '', tooManySources);
}

function validateKeyRef(
  { name = '', key }: { name?: string; key: string },
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const why of isDns1123Subdomain(name)) errors.invalid(path.child('name'), name, why);
  if (key !== '') for (const why of isConfigMapKey(key)) errors.invalid(path.child('key'), key, why);
}

function validateFileKey({ key, volumeName, path: file }: FileKeySelector, errors: FieldErrors, path: FieldPath): void {
  if (key !== '') for (const why of isEnvVarName(key)) errors.invalid(path.child('key'), key, why);
  if (volumeName !== '') {
    for (const why of isDns1123Label(volumeName)) errors.invalid(path.child('volumeName'), volumeName, why);
  }
  validateNoBacksteps(file, errors, path.child('path'));
}

/** The files that variables are read from are written by containers of the same pod (`validateFileKeyRefVolumes`). */
export function validateFileVolumes(
  { volumes = [] }: PodSpec,
  containers: readonly PlacedContainer[],
  errors: FieldErrors,
): void {
  for (const { container, path } of containers) {
    container.env?.forEach(({ valueFrom }, at) => {
      const name = valueFrom?.fileKeyRef?.volumeName;
      if (name === undefined) return;
      const here = path.child('env').index(at).child('valueFrom', 'fileKeyRef', 'volumeName');
      const volume = volumes.findLast((one) => one.name === name);
      if (!volume) errors.notFound(here, name);
      else if (!volume.emptyDir) errors.invalid(here, name, 'referenced volume must be of type emptyDir');
    });
  }
}

/** The ConfigMaps and Secrets that a container takes all its variables from. */
export function validateEnvFrom(sources: readonly EnvFromSource[], errors: FieldErrors, path: FieldPath): void {
  for (const [at, { prefix = '', configMapRef, secretRef }] of sources.entries()) {
    const here = path.index(at);
    if (prefix !== '') for (const why of isEnvVarName(prefix)) errors.invalid(here.child('prefix'), prefix, why);
    if (configMapRef) validateName(configMapRef.name, errors, here.child('configMapRef', 'name'));
    if (secretRef) validateName(secretRef.name, errors, here.child('secretRef', 'name'));
    // Upstream tells these of the list and not of its entry.
    if (!configMapRef && !secretRef) errors.invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`');
    else if (configMapRef && secretRef) errors.invalid(path, '', tooManySources);
  }
}

function validateName(name: string | undefined, errors: FieldErrors, path: FieldPath): void {
  if (!name) errors.required(path);
  else for (const why of isDns1123Subdomain(name)) errors.invalid(path, name, why);
}
