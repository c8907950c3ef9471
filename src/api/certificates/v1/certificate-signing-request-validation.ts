import { FieldPath, type FieldErrors } from '#machinery';
import { validateSignerName } from '../../meta/v1/signer-validation.ts';
import type { CertificateSigningRequest } from './certificate-signing-request.ts';

const path = FieldPath.of('spec');
const minSeconds = 600;
const legacySigner = 'kubernetes.io/legacy-unknown';

/**
 * The rules of what may be asked for (`pkg/apis/certificates/validation/validation.go`). An update leaves the request as
 * it was. That it is one, and signed with its own key, the API server checks.
 */
export function validateCertificateSigningRequest(
  { spec }: CertificateSigningRequest,
  errors: FieldErrors,
  old?: CertificateSigningRequest,
): void {
  if (old) return;
  const { usages = [], signerName, expirationSeconds } = spec;
  const at = path.child('usages');
  if (usages.length === 0) errors.required(at);
  for (const [index, usage] of usages.entries()) {
    if (usages.indexOf(usage) < index) errors.duplicate(at.index(index), usage);
  }
  validateSigner(signerName, errors);
  if (expirationSeconds === undefined || expirationSeconds >= minSeconds) return;
  const why = 'may not specify a duration less than 600 seconds (10 minutes)';
  errors.invalid(path.child('expirationSeconds'), expirationSeconds, why);
}

function validateSigner(name: string, errors: FieldErrors): void {
  const at = path.child('signerName');
  if (name !== legacySigner) return validateSignerName(name, errors, at);
  errors.invalid(at, name, 'the legacy signerName is not allowed via this API version');
}
