import type { FieldErrors, FieldPath } from '#machinery';
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from '../projected-volume.ts';
import { fileFields, validateFieldRef, validateResourceFieldRef } from './downward.ts';
import { validateFileMode, validateFilePath } from './paths.ts';
import { validatePodCertificate, validateTrustBundle } from './projected-certificates.ts';

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
    if (file === '') errors.required(path.child('path'));
    else validateFilePath(file, errors, path.child('path'));
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

/** Several sources in one directory. */
export function validateProjected(volume: ProjectedVolumeSource, errors: FieldErrors, path: FieldPath): void {
  validateFileMode(volume.defaultMode, errors, path.child('defaultMode'));
  const taken = new Set<string>();
  for (const [at, source] of (volume.sources ?? []).entries()) {
    const here = path.child('sources').index(at);
    validateProjection(source, errors, here, path);
    const count = Object.values(source).filter((one) => one !== undefined).length;
    if (count > 1) errors.forbidden(here, 'may not specify more than 1 volume type per source');
    for (const { file, named } of filesOf(source)) {
      if (taken.has(file)) errors.invalid(path, named, 'conflicting duplicate paths');
      taken.add(file);
    }
  }
}

/** `volume` is the path of all sources, which is where upstream puts what is wrong with the file of a token. */
function validateProjection(source: VolumeProjection, errors: FieldErrors, path: FieldPath, volume: FieldPath): void {
  for (const kind of ['secret', 'configMap'] as const) {
    const one = source[kind];
    if (!one) continue;
    if (!one.name) errors.required(path.child(kind, 'name'));
    validateKeyedFiles(one.items, errors, path.child(kind, 'items'));
  }
  const { downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  if (downwardAPI) validateDownwardFiles(downwardAPI.items, errors, path.child('downwardAPI'));
  if (serviceAccountToken) {
    validateToken(serviceAccountToken, errors, path.child('serviceAccountToken'), volume.child('path'));
  }
  if (clusterTrustBundle) validateTrustBundle(clusterTrustBundle, errors, path.child('clusterTrustBundle'));
  if (podCertificate) validatePodCertificate(podCertificate, errors, path.child('podCertificate'));
}

const minTokenSeconds = 600;
const maxTokenSeconds = 2 ** 32;

function validateToken(
  { path: text, expirationSeconds: seconds = 0 }: ServiceAccountTokenProjection,
  errors: FieldErrors,
  path: FieldPath,
  file: FieldPath,
): void {
  if (seconds < minTokenSeconds) {
    errors.invalid(path.child('expirationSeconds'), seconds, 'may not specify a duration less than 10 minutes');
  } else if (seconds > maxTokenSeconds) {
    errors.invalid(path.child('expirationSeconds'), seconds, 'may not specify a duration larger than 2^32 seconds');
  }
  if (text === '') errors.required(file);
  else validateFilePath(text, errors, file);
}

/** The files that a source says it writes, and what upstream calls them by when they clash. */
function filesOf(source: VolumeProjection): { file: string; named: string }[] {
  const { secret, configMap, downwardAPI, clusterTrustBundle, podCertificate } = source;
  const keyed = [secret, configMap].flatMap((one) =>
    (one?.items ?? []).map(({ path }) => ({ file: path, named: one?.name ?? '' })),
  );
  const { credentialBundlePath, keyPath, certificateChainPath } = podCertificate ?? {};
  // Upstream does not compare the file of a token with the others.
  const files = (downwardAPI?.items ?? []).map(({ path }) => path);
  files.push(clusterTrustBundle?.path ?? '', credentialBundlePath ?? '', keyPath ?? '', certificateChainPath ?? '');
  return [...keyed, ...files.map((file) => ({ file, named: file }))].filter(({ file }) => file !== '');
}
