import { isDns1123Label, isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';

const maxDomainBytes = 253;
/** A domain, a slash, and room for a name and a namespace behind it. */
const maxBytes = 571;

/** Who signs certificates: a domain and a path, as in `example.com/signer-name` (`ValidateSignerName`). */
export function validateSignerName(name: string, errors: FieldErrors, path: FieldPath): void {
  if (name === '') return errors.required(path);
  const [domain = '', signer = '', ...more] = name.split('/');
  if (!name.includes('/') || more.length > 0) {
    const why = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return errors.invalid(path, name, why);
  }
  if (Buffer.byteLength(domain) > maxDomainBytes) errors.tooLong(path, maxDomainBytes);
  validateParts(domain, isDns1123Label, errors, path);
  if (!domain.includes('.')) {
    errors.invalid(path, domain, 'should be a domain with at least two segments separated by dots');
  }
  validateParts(signer, isDns1123Subdomain, errors, path);
  if (Buffer.byteLength(name) > maxBytes) errors.tooLong(path, maxBytes);
}

/** Tells of the first part that is wrong. */
function validateParts(
  text: string,
  check: (part: string) => readonly string[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  const part = text.split('.').find((one) => check(one).length > 0);
  if (part === undefined) return;
  for (const why of check(part)) errors.invalid(path, text, `validating label ${JSON.stringify(part)}: ${why}`);
}
