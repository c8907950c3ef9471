import { isDns1123Label, isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import type { PodSpec } from '../pod-spec.ts';

/** The longest name that Linux gives a host. */
const maxHostNameLength = 64;

/** What a pod calls itself (`validatePodHostName` of `pkg/apis/core/validation`, and what stands around it). */
export function validateHostNames(spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  for (const field of ['hostname', 'subdomain'] as const) {
    const name = spec[field];
    if (name) for (const why of isDns1123Label(name)) errors.invalid(path.child(field), name, why);
  }
  validateHostNameOverride(spec, errors, path.child('hostnameOverride'));
}

function validateHostNameOverride(spec: PodSpec, errors: FieldErrors, path: FieldPath): void {
  const { hostnameOverride: name, setHostnameAsFQDN, hostNetwork } = spec;
  if (name === undefined) return;
  if (setHostnameAsFQDN) errors.forbidden(path, 'may not be specified when setHostnameAsFQDN is true');
  if (hostNetwork) errors.forbidden(path, 'may not be specified when hostNetwork is true');
  if (Buffer.byteLength(name) > maxHostNameLength) errors.tooLong(path, maxHostNameLength);
  for (const why of isDns1123Subdomain(name)) errors.invalid(path, name, why);
}
