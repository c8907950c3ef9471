import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causes, defaulted, statusCauses } from '../testing/submit.ts';
import { customResourceDefinitions as definitions } from './v1/custom-resource-definitions.ts';

const names = { plural: 'widgets', kind: 'Widget' };
const plain = { type: 'object' };
const schemaPath = 'spec.validation.openAPIV3Schema';

function version(parts: object = {}): object {
  return { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: plain }, ...parts };
}

function definition(spec: object = {}, metadata: object = {}): object {
  const base = { group: 'mine.example', scope: 'Namespaced', names, versions: [version()] };
  return { metadata: { name: 'widgets.mine.example', ...metadata }, spec: { ...base, ...spec } };
}

/** What is wrong with one version, its field below the spec. */
function versionCauses(parts: object): string[] {
  return causes(definitions, definition({ versions: [version(parts)] })).map((one) => one.replace(/^spec\./, ''));
}

/** What is wrong with a schema, its field below the schema. */
function schemaCauses(schema: object, parts: object = {}): string[] {
  const all = causes(
    definitions,
    definition({ versions: [version({ ...parts, schema: { openAPIV3Schema: schema } })] }),
  );
  return all.map((one) => one.replace(`${schemaPath}.`, '').replace(schemaPath, 'schema'));
}

const property = (schema: object): string[] =>
  schemaCauses({ type: 'object', properties: { a: schema } }).map((one) => one.replace(/^properties\[a\]\.?/, ''));

test('items that are neither a schema nor schemas are as good as none', () => {
  assert.deepEqual(property({ type: 'array', items: 'text' }), ['items: Required value: must be specified']);
});

test('names, conversion and the stored version follow from what is said', () => {
  const { spec, status } = defaulted(definitions, definition());
  assert.deepEqual(spec.names, { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' });
  assert.deepEqual(spec.conversion, { strategy: 'None' });
  assert.deepEqual(status.storedVersions, ['v1']);
  const service = { namespace: 'a', name: 'b' };
  const webhook = { clientConfig: { service }, conversionReviewVersions: ['v1'] };
  const converted = defaulted(definitions, definition({ conversion: { strategy: 'Webhook', webhook } }));
  assert.equal(converted.spec.conversion?.webhook?.clientConfig?.service?.port, 443);
});

test('a definition is named after its resource, of a group with a dot', () => {
  assert.deepEqual(causes(definitions, definition()), []);
  assert.deepEqual(causes(definitions, definition({}, { name: 'other' })), [
    'metadata.name: Invalid value: "other": must be spec.names.plural+"."+spec.group',
  ]);
  assert.deepEqual(causes(definitions, definition({ group: 'mine', scope: 'All' }, { name: 'widgets.mine' })), [
    'spec.group: Invalid value: "mine": should be a domain with at least one dot',
    'spec.scope: Unsupported value: "All": supported values: "Cluster", "Namespaced"',
  ]);
  const shortNames = ['w', 'W'];
  const bad = { plural: 'widgets', kind: 'Wid_get', listKind: 'Wid_get', shortNames };
  const fields = causes(definitions, definition({ names: bad })).map((one) => one.split(': ')[0]);
  assert.deepEqual(fields, [
    'spec.names.singular',
    'spec.names.kind',
    'spec.names.listKind',
    'spec.names.shortNames[1]',
    'spec.names.listKind',
  ]);
  const missing = causes(definitions, { metadata: { name: '.' }, spec: { group: '', versions: [] } });
  assert.deepEqual(missing, [
    'spec.group: Required value',
    'spec.scope: Required value',
    'spec.versions: Invalid value: null: must have exactly one version marked as storage version',
    'spec.names.plural: Required value',
    'spec.names.singular: Required value',
    'spec.names.kind: Required value',
    'spec.names.listKind: Required value',
    'status.storedVersions: Invalid value: null: must have at least one stored version',
  ]);
});

test('groups of the community need its approval', () => {
  const of = (annotations: object | undefined): string[] =>
    causes(definitions, definition({ group: 'x.k8s.io' }, { name: 'widgets.x.k8s.io', annotations }));
  const field = 'metadata.annotations[api-approved.kubernetes.io]';
  assert.deepEqual(of(undefined), [
    `${field}: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111`,
  ]);
  assert.match(of({ 'api-approved.kubernetes.io': 'yes' }).join(), /Invalid value: "yes": .* with either a URL or/);
  assert.deepEqual(of({ 'api-approved.kubernetes.io': 'unapproved, testing' }), []);
  assert.deepEqual(of({ 'api-approved.kubernetes.io': 'https://example.com/1' }), []);
});

test('one version is stored, each has a name of its own and a schema', () => {
  const two = [version(), version({ storage: true })];
  const shown = {
    Name: 'v1',
    Served: true,
    Storage: true,
    Deprecated: false,
    DeprecationWarning: null,
    Schema: null,
    Subresources: null,
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  };
  const value = JSON.stringify([shown, shown]);
  assert.deepEqual(causes(definitions, definition({ versions: two })), [
    `spec.versions: Invalid value: ${value}: must contain unique version names`,
    `spec.versions: Invalid value: ${value}: must have exactly one version marked as storage version`,
  ]);
  assert.deepEqual(versionCauses({ schema: undefined }), ['versions[0].schema.openAPIV3Schema: Required value']);
  assert.deepEqual(versionCauses({ deprecationWarning: 'x' }), [
    'versions[0].deprecationWarning: Invalid value: "x": can only be set for deprecated versions',
  ]);
  assert.deepEqual(versionCauses({ deprecated: true, deprecationWarning: 'é\u0007' }), [
    'versions[0].deprecationWarning: Invalid value: "é\\a": must only contain printable UTF-8 characters; non-printable character found at index 2',
  ]);
});

test('what versions have in common is told of as a part of the spec, what they have not of each', () => {
  const nullable = { openAPIV3Schema: { ...plain, nullable: true } };
  const other = version({ name: 'v2', storage: false });
  const common = [version({ schema: nullable }), version({ name: 'v2', storage: false, schema: nullable })];
  assert.deepEqual(causes(definitions, definition({ versions: common })), [
    `${schemaPath}.nullable: Forbidden: nullable cannot be true at the root`,
  ]);
  assert.deepEqual(causes(definitions, definition({ versions: [version({ schema: nullable }), other] })), [
    'spec.versions[0].schema.openAPIV3Schema.nullable: Forbidden: nullable cannot be true at the root',
  ]);
});

test('subresources and columns point into objects', () => {
  const scale = { specReplicasPath: '.status.x', statusReplicasPath: 'x', labelSelectorPath: '.x' };
  assert.deepEqual(versionCauses({ subresources: { scale } }), [
    'subresources.scale.specReplicasPath: Invalid value: ".status.x": should be a json path under .spec',
    'subresources.scale.statusReplicasPath: Invalid value: "x": must be a simple json path starting with .',
    'subresources.scale.labelSelectorPath: Invalid value: ".x": should be a json path under either .spec or .status',
  ]);
  assert.deepEqual(
    versionCauses({ additionalPrinterColumns: [{}, { name: 'A', type: 'text', format: 'x', jsonPath: 'a' }] }),
    [
      'additionalPrinterColumns[0].name: Required value',
      'additionalPrinterColumns[0].type: Required value: must be one of boolean,date,integer,number,string',
      'additionalPrinterColumns[0].JSONPath: Required value',
      'additionalPrinterColumns[1].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
      'additionalPrinterColumns[1].format: Invalid value: "x": must be one of byte,date,date-time,double,float,int32,int64,password',
      'additionalPrinterColumns[1].JSONPath: Invalid value: "a": must be a simple json path starting with .',
    ],
  );
});

test('fields to select by are scalars', () => {
  const properties = { spec: { type: 'object', properties: { size: { type: 'string' }, parts: { type: 'object' } } } };
  const schema = { openAPIV3Schema: { type: 'object', properties } };
  const of = (...paths: string[]): string[] =>
    versionCauses({ schema, selectableFields: paths.map((jsonPath) => ({ jsonPath })) });
  assert.deepEqual(of('.spec.size'), []);
  assert.deepEqual(of('', '.spec.none', '.spec.parts', '.spec.size', '.spec.size', ".spec['size']", 'x'), [
    'selectableFields[0].jsonPath: Required value',
    'selectableFields[1].jsonPath: Invalid value: ".spec.none": is an invalid path: does not refer to a valid field',
    'selectableFields[2].jsonPath: Invalid value: ".spec.parts": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    'selectableFields[4].jsonPath: Duplicate value: ".spec.size"',
    `selectableFields[5].jsonPath: Invalid value: ".spec['size']": is an invalid path: array notation is not allowed`,
    'selectableFields[6].jsonPath: Invalid value: "x": is an invalid path: expected [ or . but got: x',
  ]);
});

test('a webhook that converts can be called', () => {
  const of = (conversion: object): string[] => causes(definitions, definition({ conversion }));
  assert.deepEqual(of({ strategy: 'Webhook' }), [
    'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
    'spec.conversion.conversionReviewVersions: Required value',
  ]);
  const clientConfig = { url: 'https://x.example/', service: { name: 'a', namespace: 'b' } };
  assert.deepEqual(of({ strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v9', 'v9'] } }), [
    'spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required',
    'spec.conversion.conversionReviewVersions[1]: Invalid value: "v9": duplicate version',
    'spec.conversion.conversionReviewVersions: Invalid value: ["v9","v9"]: must include at least one of v1, v1beta1',
  ]);
  assert.deepEqual(of({ strategy: 'None', webhook: { clientConfig, conversionReviewVersions: ['v1'] } }), [
    'spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook',
    'spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook',
  ]);
});

test('a schema says of every value where it stands and of what type it is', () => {
  assert.deepEqual(schemaCauses({}), ['type: Required value: must not be empty at the root']);
  assert.deepEqual(schemaCauses({ type: 'string' }), ['type: Invalid value: "string": must be object at the root']);
  assert.deepEqual(schemaCauses({ ...plain, additionalProperties: true }), [
    'additionalProperties: Forbidden: must not be used at the root',
  ]);
  assert.deepEqual(property({}), ['type: Required value: must not be empty for specified object fields']);
  assert.deepEqual(property({ type: 'array' }), ['items: Required value: must be specified']);
  assert.deepEqual(property({ type: 'array', items: {} }), [
    'items.type: Required value: must not be empty for specified array items',
  ]);
  assert.deepEqual(property({ 'x-kubernetes-preserve-unknown-fields': true }), []);
  assert.deepEqual(property({ type: 'object', 'x-kubernetes-embedded-resource': true }), [
    'properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
  ]);
  const metadata = { type: 'object', properties: { name: { type: 'string' }, labels: { type: 'object' } } };
  assert.deepEqual(schemaCauses({ ...plain, properties: { metadata } }), [
    'properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
  ]);
});

test('below junctors a schema only judges what is known without it', () => {
  assert.deepEqual(property({ type: 'string', anyOf: [{ type: 'string', pattern: 'a' }, { title: 'x' }] }), [
    'anyOf[0].type: Forbidden: must be empty to be structural',
    'anyOf[1].title: Forbidden: must be empty to be structural',
  ]);
  const intOrString = { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] };
  assert.deepEqual(property(intOrString), []);
  assert.deepEqual(property({ ...intOrString, anyOf: undefined, allOf: [{ anyOf: intOrString.anyOf }] }), []);
  assert.deepEqual(schemaCauses({ ...plain, not: { properties: { b: { minimum: 1 } } } }), [
    'properties[b]: Required value: because it is defined in schema.not.properties[b]',
  ]);
});

test('what is not supported is forbidden', () => {
  assert.deepEqual(property({ type: 'string', $ref: 'x' }), ['$ref: Forbidden: $ref is not supported']);
  assert.deepEqual(schemaCauses({ ...plain, $schema: 'x' }), [
    `schema: Invalid value: "": OpenAPIV3Schema 'schema' is not supported`,
  ]);
  assert.deepEqual(property({ type: 'array', items: [plain] }), [
    'items: Forbidden: items must be a schema object and not an array',
  ]);
  assert.deepEqual(property({ type: 'text' }), [
    'type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
  ]);
  assert.deepEqual(property({ type: 'array', items: plain, uniqueItems: true }), [
    'uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
  ]);
  assert.deepEqual(property({ ...plain, properties: { b: plain }, additionalProperties: false }), [
    'additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
  ]);
  assert.deepEqual(schemaCauses({ ...plain, properties: { kind: { type: 'string', default: 'x' } } }), [
    'properties[kind].default: Forbidden: must not be set in top-level kind',
  ]);
  const allowed = /schema: Invalid value: only \[Description Type .*\] fields are allowed at the root/;
  assert.match(schemaCauses({ ...plain, not: {} }, { subresources: { status: {} } }).join(), allowed);
});

test('lists and maps are merged as they are made', () => {
  const list = (parts: object): string[] => property({ type: 'array', ...parts });
  assert.deepEqual(property({ type: 'string', 'x-kubernetes-map-type': 'atomic' }), [
    'type: Invalid value: "string": must be object if x-kubernetes-map-type is specified',
  ]);
  assert.deepEqual(list({ items: plain, 'x-kubernetes-list-type': 'set' }), [
    'items.x-kubernetes-map-type: Invalid value: "null": must be atomic as item of a list with x-kubernetes-list-type=set',
  ]);
  assert.deepEqual(list({ items: plain, 'x-kubernetes-list-map-keys': ['a'] }), [
    'x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty',
  ]);
  const items = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, required: ['b'] };
  const map = { items, 'x-kubernetes-list-type': 'map' };
  assert.deepEqual(list({ ...map, 'x-kubernetes-list-map-keys': ['b'] }), []);
  assert.deepEqual(list({ ...map, 'x-kubernetes-list-map-keys': ['a', 'c'] }), [
    'x-kubernetes-list-map-keys: Invalid value: ["a","c"]: entries must all be names of item properties',
    'items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
  ]);
  assert.deepEqual(list(map), [
    'x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map',
  ]);
});

test('rules have words, and reasons that there are', () => {
  const rule = (parts: object): string[] =>
    property({ type: 'object', properties: { b: { type: 'string' } }, 'x-kubernetes-validations': [parts] }).map(
      (one) => one.replace('x-kubernetes-validations[0].', ''),
    );
  assert.deepEqual(rule({ rule: 'self.b != ""', fieldPath: '.b', reason: 'FieldValueRequired' }), []);
  assert.deepEqual(rule({ rule: ' ' }), ['rule: Required value: rule is not specified']);
  assert.deepEqual(rule({ rule: 'a\n||\nb' }), [
    'message: Required value: message must be specified if rule contains line breaks',
  ]);
  assert.deepEqual(rule({ rule: 'a', message: 'x\ny', reason: 'Bad', fieldPath: '.c' }), [
    'message: Invalid value: "x\\ny": must not contain line breaks',
    'reason: Unsupported value: "Bad": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
    'fieldPath: Invalid value: ".c": must be a valid path',
  ]);
});

test('what stored objects depend on stays', () => {
  const conditions = [{ type: 'Established', status: 'True' }];
  const old = { ...definition(), status: { conditions, storedVersions: ['v1'] } };
  const changed = definition({ scope: 'Cluster', names: { plural: 'widgets', kind: 'Gadget' } });
  const status = { conditions, storedVersions: ['v0', 'v1'] };
  assert.deepEqual(causes(definitions, { ...changed, status }, old), [
    'spec.scope: Invalid value: "Cluster": field is immutable',
    'spec.names.kind: Invalid value: "Gadget": field is immutable',
    'status.storedVersions[0]: Invalid value: "v0": missing from spec.versions; v0 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v0 and removes v0 from status.storedVersions',
  ]);
  assert.deepEqual(causes(definitions, definition({ group: 'other.example' }), definition()), [
    'spec.group: Invalid value: "other.example": field is immutable',
  ]);
  assert.deepEqual(causes(definitions, definition({ preserveUnknownFields: true })), [
    'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
  ]);
  const accepted = { ...definition(), status: { acceptedNames: { plural: 'W', kind: 'W' } } };
  assert.match(
    statusCauses(definitions, accepted, definition()).join(),
    /^status.acceptedNames.plural: Invalid value: "W"/,
  );
});
