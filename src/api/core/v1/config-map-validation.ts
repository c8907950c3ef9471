import { FieldPath, isConfigMapKey, isEqualJson, type FieldErrors } from '#machinery';
import type { ConfigMap } from './config-map.ts';

const maxBytes = 1024 * 1024;
const whenSet = 'field is immutable when `immutable` is set';

/** The rules of config maps (`pkg/apis/core/validation/validation.go`). */
export function validateConfigMap(configMap: ConfigMap, errors: FieldErrors, old?: ConfigMap): void {
  if (old?.immutable === true) validateUpdate(configMap, old, errors);
  const { data = {}, binaryData = {} } = configMap;
  let bytes = 0;
  for (const [key, value] of Object.entries(data)) {
    const at = FieldPath.of('data').key(key);
    for (const why of isConfigMapKey(key)) errors.invalid(at, key, why);
    if (Object.hasOwn(binaryData, key)) errors.invalid(at, key, 'duplicate of key present in binaryData');
    bytes += Buffer.byteLength(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    for (const why of isConfigMapKey(key)) errors.invalid(FieldPath.of('binaryData').key(key), key, why);
    bytes += Buffer.byteLength(value, 'base64');
  }
  // Upstream's way to say that it is the whole that is too long.
  if (bytes > maxBytes) errors.tooLong(FieldPath.of('[]'), maxBytes);
}

function validateUpdate(configMap: ConfigMap, old: ConfigMap, errors: FieldErrors): void {
  if (configMap.immutable !== true) errors.forbidden(FieldPath.of('immutable'), whenSet);
  for (const field of ['data', 'binaryData'] as const) {
    if (!isEqualJson(configMap[field] ?? {}, old[field] ?? {})) errors.forbidden(FieldPath.of(field), whenSet);
  }
}
