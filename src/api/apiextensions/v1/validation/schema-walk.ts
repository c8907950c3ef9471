import type { JsonSchema, JsonSchemaOrArray, JsonSchemaOrBool } from '../json-schema-props.ts';

/** The one schema of all items, where there is one. */
export function itemSchema(items: JsonSchemaOrArray | undefined): JsonSchema | undefined {
  return Array.isArray(items) ? undefined : (items ?? undefined);
}

/** The schema, where it is more than a yes or no. */
export function schemaPart(value: JsonSchemaOrBool | undefined): JsonSchema | undefined {
  return typeof value === 'object' ? value : undefined;
}

/** Whether any schema in this one, itself among them, is as asked. */
export function hasSchema(schema: JsonSchema | undefined, ask: (schema: JsonSchema) => boolean): boolean {
  if (!schema) return false;
  return ask(schema) || childrenOf(schema).some((one) => hasSchema(one, ask));
}

/** The schemas directly inside of one. */
export function childrenOf(schema: JsonSchema): JsonSchema[] {
  const { items, allOf = [], anyOf = [], oneOf = [], not, dependencies = {} } = schema;
  const named = [schema.properties, schema.patternProperties, schema.definitions].flatMap((one) =>
    Object.values(one ?? {}),
  );
  const single = [not, schemaPart(schema.additionalProperties), schemaPart(schema.additionalItems)];
  const dependent = Object.values(dependencies).filter((one): one is JsonSchema => !Array.isArray(one));
  const alone = single.filter((one) => one !== undefined);
  return [items ?? []].flat().concat(allOf, anyOf, oneOf, named, alone, dependent);
}
