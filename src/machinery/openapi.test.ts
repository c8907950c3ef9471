import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Thing } from './fixture.ts';
import { openApiDefinitions, openApiSchemas, type OpenApiOptions } from './openapi.ts';
import { message, string } from './schema/fields.ts';

const options: OpenApiOptions = {
  messages: [Thing],
  nameOf: ({ name }) => `io.test.${name}`,
  kindsOf: ({ name }) => (name === 'Thing' ? [{ group: 'test', version: 'v1', kind: name }] : []),
};

test('v3 tells defaults, list semantics and merge keys', () => {
  const schemas = openApiSchemas(options);
  assert.deepEqual(schemas['io.test.Thing']?.['x-kubernetes-group-version-kind'], [
    { group: 'test', version: 'v1', kind: 'Thing' },
  ]);
  const { properties, required } = schemas['io.test.Spec'] as {
    properties: Record<string, object>;
    required: string[];
  };
  assert.deepEqual(required, ['containers']);
  assert.deepEqual(properties.containers, {
    description: 'A list by key.',
    type: 'array',
    items: { default: {}, allOf: [{ $ref: '#/components/schemas/io.test.Container' }] },
    'x-kubernetes-list-map-keys': ['name'],
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'name',
    'x-kubernetes-patch-strategy': 'merge',
  });
  assert.deepEqual(properties.replicas, { description: 'How many.', default: 1, type: 'integer', format: 'int32' });
  const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
  assert.deepEqual(schemas[quantity]?.oneOf, [{ type: 'string' }, { type: 'number' }]);
  assert.deepEqual(Object.keys(schemas), Object.keys(schemas).toSorted());
});

test('v2 has no defaults, and plain references', () => {
  const definitions = openApiDefinitions(options);
  assert.ok(!JSON.stringify(definitions).includes('"default"'));
  const { properties } = definitions['io.test.Thing'] as { properties: Record<string, object> };
  assert.deepEqual(properties.spec, { description: 'Spec.', $ref: '#/definitions/io.test.Spec' });
  assert.deepEqual(definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']?.format, 'int-or-string');
});

test('every reference is told', () => {
  const schemas = openApiSchemas(options);
  for (const [, name = ''] of JSON.stringify(schemas).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    assert.ok(schemas[name], name);
  }
});

test('an atomic message says so', () => {
  class Atomic extends message('One value.', { a: string(1, 'a') }, { mapType: 'atomic' }) {}
  const schemas = openApiSchemas({ ...options, messages: [Atomic] });
  assert.equal(schemas['io.test.Atomic']?.['x-kubernetes-map-type'], 'atomic');
});
