import { isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import { validateDomainPrefixedKey, validateLabelSelector } from '../../../meta/v1/label-validation.ts';
import { validateSignerName } from '../../../meta/v1/signer-validation.ts';
import type { ClusterTrustBundleProjection, PodCertificateProjection } from '../projected-volume.ts';
import { validateFilePath } from './paths.ts';

/** Certificates to trust: of one bundle by its name, or of all bundles of a signer. */
export function validateTrustBundle(bundle: ClusterTrustBundleProjection, errors: FieldErrors, path: FieldPath): void {
  const { name, signerName, labelSelector, path: file } = bundle;
  if (name !== undefined && signerName !== undefined) {
    errors.invalid(path, bundle, 'only one of name and signerName may be used');
  } else if (name !== undefined) {
    validateBundleName(name, errors, path.child('name'));
    if (labelSelector) {
      const why = 'labelSelector must be unset if name is specified';
      errors.invalid(path.child('labelSelector'), labelSelector, why);
    }
  } else if (signerName !== undefined) {
    if (signerName === '') errors.required(path.child('signerName'), 'must be a valid signer name');
    else validateSignerName(signerName, errors, path.child('signerName'));
    validateLabelSelector(labelSelector, errors, path.child('labelSelector'));
  } else errors.required(path, 'either name or signerName must be specified');
  validateFilePath(file, errors, path.child('path'));
}

/** A bundle of a signer is called by the signer's name, with colons for slashes, and one of its own. */
function validateBundleName(name: string, errors: FieldErrors, path: FieldPath): void {
  if (name === '') errors.required(path, 'must be a valid object name');
  const own = name.slice(name.lastIndexOf(':') + 1);
  for (const why of isDns1123Subdomain(own)) errors.invalid(path, name, `not a valid clustertrustbundlename: ${why}`);
}

const keyTypes = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];
const maxAnnotationBytes = 256 * 1024;
const minSeconds = 3600;
const maxSeconds = 91 * 24 * 3600;
const maxSecondsOfKubernetes = 24 * 3600;

/** A key and its certificate; the fields that it needs may be missing. */
export function validatePodCertificate(
  certificate: Partial<PodCertificateProjection>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { signerName = '', keyType = '', userAnnotations } = certificate;
  if (signerName !== '') validateSignerName(signerName, errors, path.child('signerName'));
  validateUserAnnotations(userAnnotations ?? {}, errors, path.child('userAnnotations'));
  if (!keyTypes.includes(keyType)) errors.notSupported(path.child('keyType'), keyType, keyTypes);
  validateExpiration(certificate, errors, path.child('maxExpirationSeconds'));
  const fields = (['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const).filter(
    (one) => certificate[one],
  );
  for (const field of fields) validateFilePath(certificate[field] ?? '', errors, path.child(field));
  if (fields.length > 0) return;
  errors.required(path, 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath');
}

function validateUserAnnotations(annotations: Record<string, string>, errors: FieldErrors, path: FieldPath): void {
  for (const key of Object.keys(annotations)) validateDomainPrefixedKey(key.toLowerCase(), errors, path);
  const bytes = Buffer.byteLength(Object.entries(annotations).flat().join(''));
  if (bytes > maxAnnotationBytes) errors.tooLong(path, maxAnnotationBytes);
}

function validateExpiration(
  { maxExpirationSeconds: seconds, signerName = '' }: Partial<PodCertificateProjection>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (seconds === undefined) return;
  const max = /(^|\.)kubernetes\.io(\/|$)/.test(signerName) ? maxSecondsOfKubernetes : maxSeconds;
  if (seconds < minSeconds) errors.invalid(path, seconds, 'if provided, maxExpirationSeconds must be >= 3600');
  if (seconds > max) errors.invalid(path, seconds, `if provided, maxExpirationSeconds must be <= ${max}`);
}
