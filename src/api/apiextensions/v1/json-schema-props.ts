import {
  as,
  bool,
  double,
  either,
  int64,
  list,
  listMap,
  map,
  message,
  of,
  oneOf,
  pointer,
  raw,
  required,
  string,
  type Message,
} from '#machinery';

const reasons = ['FieldValueRequired', 'FieldValueDuplicate', 'FieldValueInvalid', 'FieldValueForbidden'] as const;

export class ExternalDocumentation extends message('Where to read more.', {
  description: string(1, 'What is to be read there.'),
  url: string(2, 'Its address.'),
}) {}

export class ValidationRule extends message('A rule that values have to keep, in CEL.', {
  rule: required(string(1, 'The expression, which has to be true of `self`.', { minLength: 0 })),
  message: string(2, 'What is told when it is not.'),
  messageExpression: string(3, 'An expression that makes the message, and is used first.'),
  reason: pointer(
    oneOf(4, 'The reason that is told; `FieldValueInvalid` by default.', reasons, { enumIsForRules: true }),
  ),
  fieldPath: string(5, 'The field that is told, below the one that the rule is about.'),
  optionalOldSelf: pointer(bool(6, 'Whether the rule also holds for new values, of which `oldSelf` is empty.')),
}) {}

/** A schema, or the one of each item in turn; null where neither was written (`marshal.go` reads `"items": "x"` so). */
export type JsonSchemaOrArray = JsonSchema | JsonSchema[] | null;
/** A schema, or whether there may be anything at all. */
export type JsonSchemaOrBool = JsonSchema | boolean;

/** A JSON schema as OpenAPI v3 has it; written out, since it contains itself. */
export interface JsonSchema {
  id?: string;
  $schema?: string;
  $ref?: string;
  description?: string;
  type?: string;
  format?: string;
  title?: string;
  default?: unknown;
  maximum?: number;
  exclusiveMaximum?: boolean;
  minimum?: number;
  exclusiveMinimum?: boolean;
  maxLength?: number;
  minLength?: number;
  pattern?: string;
  maxItems?: number;
  minItems?: number;
  uniqueItems?: boolean;
  multipleOf?: number;
  enum?: unknown[];
  maxProperties?: number;
  minProperties?: number;
  required?: string[];
  items?: JsonSchemaOrArray;
  allOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  not?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchemaOrBool;
  patternProperties?: Record<string, JsonSchema>;
  dependencies?: Record<string, JsonSchema | string[]>;
  additionalItems?: JsonSchemaOrBool;
  definitions?: Record<string, JsonSchema>;
  externalDocs?: ExternalDocumentation;
  example?: unknown;
  nullable?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-validations'?: ValidationRule[];
}

const schema = (): Message<JsonSchema> => JSONSchemaProps;

const schemaOrArray = either('JSONSchemaPropsOrArray', 'A schema, or one for each item.', {
  number: 1,
  message: schema,
  other: list(2, '', schema),
});

const schemaOrBool = either('JSONSchemaPropsOrBool', 'A schema, or whether there may be anything.', {
  number: 2,
  message: schema,
  other: bool(1, ''),
});

const schemaOrNames = either('JSONSchemaPropsOrStringArray', 'A schema, or names of properties.', {
  number: 1,
  message: schema,
  other: list(2, '', string(0, '')),
});

export class JSONSchemaProps extends message('What a value has to look like, as OpenAPI v3 says it.', {
  id: string(1, 'Not supported.'),
  $schema: string(2, 'Not supported.'),
  $ref: pointer(string(3, 'Not supported.')),
  description: string(4, 'What the value is for.'),
  type: string(5, 'Its type: `array`, `boolean`, `integer`, `number`, `object` or `string`.'),
  format: string(6, 'What a string or number is: `date-time`, `int64`; unknown formats are passed over.'),
  title: string(7, 'A short description.'),
  default: pointer(raw(8, 'What stands there when nothing is said.', 'json')),
  maximum: pointer(double(9, 'The highest number.')),
  exclusiveMaximum: bool(10, 'Whether that is too high itself.'),
  minimum: pointer(double(11, 'The lowest number.')),
  exclusiveMinimum: bool(12, 'Whether that is too low itself.'),
  maxLength: pointer(int64(13, 'The length of the longest string.')),
  minLength: pointer(int64(14, 'The length of the shortest string.')),
  pattern: string(15, 'A regular expression that strings match.'),
  maxItems: pointer(int64(16, 'How many items there may be.')),
  minItems: pointer(int64(17, 'How many items there have to be.')),
  uniqueItems: bool(18, 'Only false is valid.'),
  multipleOf: pointer(double(19, 'What numbers are a multiple of.')),
  enum: list(20, 'The values that there are.', raw(0, '', 'json')),
  maxProperties: pointer(int64(21, 'How many properties there may be.')),
  minProperties: pointer(int64(22, 'How many properties there have to be.')),
  required: list(23, 'The properties that have to be there.', string(0, '')),
  items: pointer(as(24, 'The schema of the items.', schemaOrArray)),
  allOf: list(25, 'Schemas that all hold.', schema),
  oneOf: list(26, 'Schemas of which exactly one holds.', schema),
  anyOf: list(27, 'Schemas of which at least one holds.', schema),
  not: pointer(of(28, 'A schema that does not hold.', schema)),
  properties: map(29, 'The schemas of the properties.', schema),
  additionalProperties: pointer(as(30, 'The schema of the properties that are not named.', schemaOrBool)),
  patternProperties: map(31, 'Not supported.', schema),
  dependencies: map(32, 'Not supported.', schemaOrNames),
  additionalItems: pointer(as(33, 'Not supported.', schemaOrBool)),
  definitions: map(34, 'Not supported.', schema),
  externalDocs: pointer(of(35, 'Where to read more.', ExternalDocumentation)),
  example: pointer(raw(36, 'What such a value may be.', 'json')),
  nullable: bool(37, 'Whether the value may be null.'),
  'x-kubernetes-preserve-unknown-fields': pointer(bool(38, 'Whether fields that no schema knows are kept.')),
  'x-kubernetes-embedded-resource': bool(39, 'Whether the value is a whole object with kind and metadata.'),
  'x-kubernetes-int-or-string': bool(40, 'Whether the value is a number or a string.'),
  'x-kubernetes-list-map-keys': list(41, 'The properties that tell the items of a list apart.', string(0, '')),
  'x-kubernetes-list-type': pointer(string(42, 'How a list is merged: `atomic`, `set` or `map`.')),
  'x-kubernetes-map-type': pointer(string(43, 'How an object is merged: `granular` or `atomic`.')),
  'x-kubernetes-validations': listMap(44, 'Rules in CEL.', ['rule'], ValidationRule, {
    patchMergeKey: 'rule',
    patchStrategy: ['merge'],
  }),
}) {}
