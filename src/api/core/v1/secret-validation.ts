import {
  FieldPath,
  isConfigMapKey,
  isEqualJson,
  isObject,
  isStatusError,
  parseJson,
  type FieldErrors,
} from '#machinery';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { Secret } from './secret.ts';

const maxBytes = 1024 * 1024;
const data = FieldPath.of('data');
const whenSet = 'field is immutable when `immutable` is set';

/** The rules of secrets (`pkg/apis/core/validation/validation.go`). */
export function validateSecret(secret: Secret, errors: FieldErrors, old?: Secret): void {
  if (old) validateUpdate(secret, old, errors);
  let bytes = 0;
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    for (const why of isConfigMapKey(key)) errors.invalid(data.key(key), key, why);
    bytes += Buffer.byteLength(value, 'base64');
  }
  if (bytes > maxBytes) errors.tooLong(data, maxBytes);
  validateForType(secret, errors);
}

function validateUpdate(secret: Secret, old: Secret, errors: FieldErrors): void {
  validateImmutable(secret.type, old.type, errors, FieldPath.of('type'));
  if (old.immutable !== true) return;
  if (secret.immutable !== true) errors.forbidden(FieldPath.of('immutable'), whenSet);
  if (!isEqualJson(secret.data ?? {}, old.data ?? {})) errors.forbidden(data, whenSet);
}

/** What the well-known types must hold. */
function validateForType({ type, data: values = {}, metadata }: Secret, errors: FieldErrors): void {
  const has = (key: string): boolean => Object.hasOwn(values, key);
  const require = (...keys: string[]): void => {
    for (const key of keys) if (!has(key)) errors.required(data.key(key));
  };
  switch (type) {
    case 'kubernetes.io/service-account-token': {
      const name = 'kubernetes.io/service-account.name';
      if (!metadata.annotations?.[name]) errors.required(FieldPath.of('metadata', 'annotations').key(name));
      return;
    }
    case 'kubernetes.io/dockercfg':
      return validateJson(values, '.dockercfg', errors);
    case 'kubernetes.io/dockerconfigjson':
      return validateJson(values, '.dockerconfigjson', errors);
    case 'kubernetes.io/basic-auth':
      // One of the two is enough.
      return has('username') || has('password') ? undefined : require('username', 'password');
    case 'kubernetes.io/ssh-auth':
      return values['ssh-privatekey'] ? undefined : errors.required(data.key('ssh-privatekey'));
    case 'kubernetes.io/tls':
      return require('tls.crt', 'tls.key');
  }
}

function validateJson(values: Readonly<Record<string, string>>, key: string, errors: FieldErrors): void {
  const value = values[key];
  if (value === undefined) return errors.required(data.key(key));
  const why = jsonProblem(Buffer.from(value, 'base64').toString());
  if (why !== '') errors.invalid(data.key(key), '<secret contents redacted>', why);
}

/** The error must show nothing of the secret. */
function jsonProblem(text: string): string {
  try {
    const { value } = parseJson(text);
    const kind = Array.isArray(value) ? 'array' : typeof value;
    if (value === null || isObject(value)) return '';
    return `json: cannot unmarshal ${kind === 'boolean' ? 'bool' : kind} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (!isStatusError(error)) throw error;
    return error.message;
  }
}
