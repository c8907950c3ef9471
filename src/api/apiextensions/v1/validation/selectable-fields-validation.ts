import type { FieldErrors, FieldPath } from '#machinery';
import type { SelectableField } from '../custom-resource-definition-version.ts';
import type { JsonSchema } from '../json-schema-props.ts';
import { fieldOfPath } from './field-path-in-schema.ts';

const maxSelectableFields = 8;
const scalarTypes = new Set(['string', 'boolean', 'integer']);
const notScalar =
  'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';

/** The fields that lists may be narrowed by. */
export function validateSelectableFields(
  fields: readonly SelectableField[],
  schema: JsonSchema,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const seen = new Set<string>();
  for (const [at, { jsonPath }] of fields.entries()) {
    const place = path.index(at).child('jsonPath');
    if (jsonPath === '') errors.required(place);
    else validateField(jsonPath, schema, errors, place, seen);
  }
  if (seen.size > maxSelectableFields) errors.tooMany(path, seen.size, maxSelectableFields);
}

function validateField(
  jsonPath: string,
  schema: JsonSchema,
  errors: FieldErrors,
  path: FieldPath,
  seen: Set<string>,
): void {
  const found = fieldOfPath(jsonPath, schema, { allowBrackets: false });
  if ('problem' in found) return errors.invalid(path, jsonPath, `is an invalid path: ${found.problem}`);
  if (found.root === 'metadata') errors.invalid(path, jsonPath, 'must not point to fields in metadata');
  if (!scalarTypes.has(found.schema?.type ?? '')) errors.invalid(path, jsonPath, notScalar);
  if (seen.has(found.path)) errors.duplicate(path, jsonPath);
  seen.add(found.path);
}
