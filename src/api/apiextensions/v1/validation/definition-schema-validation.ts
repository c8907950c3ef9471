import { FieldErrors, type FieldPath } from '#machinery';
import type { JsonSchema } from '../json-schema-props.ts';
import { atRoot, validateSchema } from './schema-validation.ts';
import { structuralProblem } from './structural-fields.ts';
import { validateStructural } from './structural.ts';

/** The fields that a schema may have at its root beside a status of its own, as Go names them. */
const rootFields: Readonly<Record<string, string>> = {
  description: 'Description',
  type: 'Type',
  format: 'Format',
  title: 'Title',
  maximum: 'Maximum',
  exclusiveMaximum: 'ExclusiveMaximum',
  minimum: 'Minimum',
  exclusiveMinimum: 'ExclusiveMinimum',
  maxLength: 'MaxLength',
  minLength: 'MinLength',
  pattern: 'Pattern',
  maxItems: 'MaxItems',
  minItems: 'MinItems',
  uniqueItems: 'UniqueItems',
  multipleOf: 'MultipleOf',
  required: 'Required',
  items: 'Items',
  properties: 'Properties',
  externalDocs: 'ExternalDocs',
  example: 'Example',
  'x-kubernetes-preserve-unknown-fields': 'XPreserveUnknownFields',
  'x-kubernetes-validations': 'XValidations',
};

/** The schema of a version, or of all. */
export function validateDefinitionSchema(
  schema: JsonSchema,
  errors: FieldErrors,
  path: FieldPath,
  { hasStatus }: { hasStatus: boolean },
): void {
  const found = new FieldErrors();
  if (hasStatus) validateRoot(schema, found, path);
  if (schema.nullable) found.forbidden(path.child('nullable'), 'nullable cannot be true at the root');
  const problem = structuralProblem(schema);
  if (problem === undefined) validateStructural(schema, found, path);
  validateSchema(schema, found, path, atRoot);
  // Most of what keeps a schema from being structural is told above in better words.
  if (found.empty && problem !== undefined) found.invalid(path, '', problem);
  errors.list.push(...found.list);
}

/** The status is judged by its own part of the schema, so that the root may not say more of it. */
function validateRoot(schema: JsonSchema, errors: FieldErrors, path: FieldPath): void {
  if (schema.type !== undefined && schema.type !== 'object') {
    const why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return errors.invalid(path.child('type'), schema.type, why);
  }
  if (Object.keys(schema).every((name) => rootFields[name] !== undefined)) return;
  const allowed = `[${Object.values(rootFields).join(' ')}]`;
  errors.invalidAsWhole(
    path,
    `only ${allowed} fields are allowed at the root of the schema if the status subresource is enabled`,
  );
}
