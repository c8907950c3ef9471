import {
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegment,
  isPortName,
  isPortNumber,
  type FieldErrors,
  type FieldPath,
} from '#machinery';
import type { TypedLocalObjectReference } from '../../core/v1/references.ts';
import type { IngressBackend, IngressServiceBackend } from './ingress-backend.ts';

/** Who gets requests: a Service or another object, not both. */
export function validateIngressBackend(
  { service, resource }: IngressBackend,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (service && resource) {
    errors.ignoreSchemaAt(path);
    return errors.invalid(path, '', 'cannot set both resource and service backends');
  }
  if (resource) return validateObjectName(resource, errors, path.child('resource'));
  if (service) return validateService(service, errors, path);
  errors.invalid(path, '', 'resource or service backend is required');
}

function validateService({ name, port }: IngressServiceBackend, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('service');
  if (name !== '') for (const why of isDns1123Label(name)) errors.invalid(at.child('name'), name, why);
  if (port.name && port.number) return errors.invalid(path, '', 'cannot set both port name & port number');
  if (port.name) {
    for (const why of isPortName(port.name)) errors.invalid(at.child('port', 'name'), port.name, why);
  } else if (port.number) {
    for (const why of isPortNumber(port.number)) errors.invalid(at.child('port', 'number'), port.number, why);
  } else errors.required(path, 'port name or number is required');
}

/** A reference to an object of any kind; that kind and name are there, the schema tells. */
export function validateObjectName(
  { apiGroup, kind, name }: TypedLocalObjectReference,
  errors: FieldErrors,
  path: FieldPath,
): void {
  // Go writes `null` for a group that is absent.
  if (typeof apiGroup === 'string') {
    for (const why of isDns1123Subdomain(apiGroup)) errors.invalid(path.child('apiGroup'), apiGroup, why);
  }
  for (const why of isPathSegment(kind)) errors.invalid(path.child('kind'), kind, why);
  for (const why of isPathSegment(name)) errors.invalid(path.child('name'), name, why);
}
