import type { FieldErrors, FieldPath } from '#machinery';
import type { DownwardAPIVolumeFile, KeyToPath, ProjectedVolumeSource, VolumeProjection } from '../projected-volume.ts';
import { fileFields, validateFieldRef, validateResourceFieldRef } from './downward.ts';
import { validateFileMode, validateFilePath } from './paths.ts';

/** Which key goes into which file. */
export function validateKeyedFiles(items: readonly KeyToPath[] = [], errors: FieldErrors, path: FieldPath): void {
  for (const [at, { path: file, mode }] of items.entries()) {
    const here = path.index(at);
    if (file !== '') validateFilePath(file, errors, here.child('path'));
    validateFileMode(mode, errors, here.child('mode'));
  }
}

/** Which field of the pod goes into which file. Upstream tells problems of the volume and not of the file. */
export function validateDownwardFiles(
  items: readonly DownwardAPIVolumeFile[] = [],
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const { path: file, fieldRef, resourceFieldRef, mode } of items) {
    if (file !== '') validateFilePath(file, errors, path.child('path'));
    if (fieldRef) {
      validateFieldRef(fieldRef, fileFields, errors, path.child('fieldRef'));
      const why = 'fieldRef and resourceFieldRef can not be specified simultaneously';
      if (resourceFieldRef) errors.invalid(path, 'resource', why);
    } else if (resourceFieldRef) {
      validateResourceFieldRef(resourceFieldRef, true, errors, path.child('resourceFieldRef'));
    } else {
      errors.required(path, 'one of fieldRef and resourceFieldRef is required');
    }
    validateFileMode(mode, errors, path.child('mode'));
  }
}

const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;

/** Several sources in one directory. */
export function validateProjected(volume: ProjectedVolumeSource, errors: FieldErrors, path: FieldPath): void {
  validateFileMode(volume.defaultMode, errors, path.child('defaultMode'));
  const taken = new Set<string>();
  for (const [at, source] of (volume.sources ?? []).entries()) {
    const here = path.child('sources').index(at);
    validateProjection(source, errors, here);
    const count = Object.values(source).filter((one) => one !== undefined).length;
    if (count > 1) errors.forbidden(here, 'may not specify more than 1 volume type');
    for (const { file, named } of filesOf(source)) {
      if (taken.has(file)) errors.invalid(path, named, 'conflicting duplicate paths');
      taken.add(file);
    }
  }
}

function validateProjection(source: VolumeProjection, errors: FieldErrors, path: FieldPath): void {
  for (const kind of ['secret', 'configMap'] as const) {
    const one = source[kind];
    if (!one) continue;
    if (!one.name) errors.required(path.child(kind, 'name'));
    validateKeyedFiles(one.items, errors, path.child(kind, 'items'));
  }
  if (source.downwardAPI) validateDownwardFiles(source.downwardAPI.items, errors, path.child('downwardAPI'));
  const { serviceAccountToken: token } = source;
  if (!token) return;
  const at = path.child('serviceAccountToken');
  const { expirationSeconds: seconds = maxTokenSeconds } = token;
  if (seconds < minTokenSeconds) {
    errors.invalid(at.child('expirationSeconds'), seconds, 'may not specify a duration less than 10 minutes');
  } else if (seconds > maxTokenSeconds) {
    errors.invalid(at.child('expirationSeconds'), seconds, 'may not specify a duration larger than 2^32 seconds');
  }
  if (token.path !== '') validateFilePath(token.path, errors, at.child('path'));
}

/** The files that a source says it writes, and what upstream calls them by when they clash. */
function filesOf({ secret, configMap, downwardAPI, serviceAccountToken }: VolumeProjection): {
  file: string;
  named: string;
}[] {
  const keyed = [secret, configMap].flatMap((one) =>
    (one?.items ?? []).map(({ path }) => ({ file: path, named: one?.name ?? '' })),
  );
  const fields = (downwardAPI?.items ?? []).map(({ path }) => ({ file: path, named: path }));
  const token = serviceAccountToken ? [{ file: serviceAccountToken.path, named: serviceAccountToken.path }] : [];
  return [...keyed, ...fields, ...token].filter(({ file }) => file !== '');
}
