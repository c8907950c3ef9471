import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from './decode.ts';
import { applyDefaults } from './defaults.ts';
import { FieldErrors } from './field-errors.ts';
import { openApiSchemas } from './openapi.ts';
import { strategicMergePatch } from './patch/strategic-merge-patch.ts';
import { decodeProtobuf } from './protobuf/decode.ts';
import { encodeProtobuf } from './protobuf/encode.ts';
import { as, bool, either, list, listMap, map, message, of, oneOf, pointer, string } from './schema/fields.ts';
import type { Message } from './schema/types.ts';
import { validateFields } from './validate-fields.ts';

interface TreeShape {
  name?: string;
  kind?: 'leaf' | 'branch';
}

const tree = (): Message<TreeShape> => Tree;

class Tree extends message('A message that contains itself, as JSONSchemaProps does.', {
  name: string(1, 'Its name.'),
  kind: oneOf(2, 'Its kind.', ['leaf', 'branch'], { default: 'leaf' }),
  not: pointer(of(3, 'One.', tree)),
  children: listMap(4, 'Many.', ['name'], tree, { patchMergeKey: 'name' }),
  properties: map(5, 'Named.', tree),
  items: pointer(
    as(
      6,
      'One or many.',
      either('TreeOrTrees', 'One or many.', { number: 1, message: tree, other: list(2, '', tree) }),
    ),
  ),
  additional: pointer(
    as(7, 'One or any.', either('TreeOrBool', 'One or any.', { number: 2, message: tree, other: bool(1, '') })),
  ),
  dependencies: map(
    8,
    'One or names.',
    either('TreeOrNames', 'One or names.', { number: 1, message: tree, other: list(2, '', string(0, '')) }),
  ),
}) {}

const value = {
  name: 'a',
  not: { name: 'b', not: {} },
  children: [{ name: 'c', kind: 'twig' }],
  properties: { x: {} },
  items: [{ name: 'd' }],
  additional: false,
  dependencies: { some: ['x'], whole: { additional: {} }, none: null },
};

test('every walk ends on a message that contains itself', () => {
  const { object } = decode(Tree, value);
  assert.deepEqual(object, value);
  assert.deepEqual(decodeProtobuf(Tree, encodeProtobuf(Tree, object)), object);
  const patched = strategicMergePatch(Tree, object, { children: [{ name: 'c', children: [{ name: 'd' }] }] });
  assert.deepEqual(decode(Tree, patched).object.children, [{ name: 'c', kind: 'twig', children: [{ name: 'd' }] }]);
  const errors = new FieldErrors();
  validateFields(Tree, object, errors);
  assert.deepEqual(
    errors.list.map(({ field }) => field),
    ['children[0].kind'],
  );
  applyDefaults(Tree, object);
  assert.equal(JSON.stringify(object).split('"leaf"').length - 1, 7);
  assert.deepEqual(Object.keys(openApiSchemas({ messages: [Tree], nameOf: ({ name }) => `v1.${name}` })), [
    'v1.Tree',
    'v1.TreeOrBool',
    'v1.TreeOrNames',
    'v1.TreeOrTrees',
  ]);
});

test('what is neither of two types is nothing, or an error where a boolean was meant', () => {
  assert.deepEqual(decode(Tree, { items: [] }).object, { items: null });
  assert.deepEqual(decode(Tree, { items: 'x', dependencies: { a: 1 } }).object, {
    items: null,
    dependencies: { a: null },
  });
  assert.throws(() => decode(Tree, { additional: 'yes' }), { message: 'boolean or JSON schema expected' });
  assert.throws(() => decode(Tree, { items: [1] }), {
    message: 'json: cannot unmarshal number into Go struct field Tree.items of type v1.Tree',
  });
});

test('nesting without end is a bad request', () => {
  let bytes = Buffer.alloc(0);
  for (let depth = 0; depth < 600; depth += 1) bytes = Buffer.concat([Buffer.from([0x1a]), lengthOf(bytes), bytes]);
  assert.throws(() => decodeProtobuf(Tree, bytes), { code: 400 });
});

function lengthOf({ length }: Buffer): Buffer {
  return length < 128 ? Buffer.from([length]) : Buffer.from([(length & 127) | 128, length >> 7]);
}
