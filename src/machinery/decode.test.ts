import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decode } from './decode.ts';
import { applyDefaults } from './defaults.ts';
import { FieldErrors } from './field-errors.ts';
import { Container, Thing } from './fixture.ts';
import { parseJson } from './json.ts';
import { validateFields } from './validate-fields.ts';

const empty = { metadata: {}, spec: { containers: [], strategy: {} }, status: { total: '0' } };

test('structs are always there, lists that Go always writes are empty', () => {
  assert.deepEqual(decode(Thing, {}).object, empty);
  assert.deepEqual(decode(Thing, { metadata: null, spec: null, data: null, extension: null }).object, empty);
});

test('fields come in the order of the schema', () => {
  const { object } = decode(Thing, {
    spec: { replicas: 1 },
    metadata: { uid: 'u', name: 'n' },
    apiVersion: 'v1',
    kind: 'Thing',
  });
  assert.equal(
    JSON.stringify(object),
    '{"kind":"Thing","apiVersion":"v1","metadata":{"name":"n","uid":"u"},"spec":{"containers":[],"replicas":1,"strategy":{}},"status":{"total":"0"}}',
  );
});

test('empty values go, unless they are held by pointer or always written', () => {
  const container = { name: '', args: [], ports: [{ hostPort: 0 }], tty: false, limits: {}, env: [null] };
  const { object } = decode(Container, container);
  assert.deepEqual(object, { name: '', ports: [{ containerPort: 0 }], env: [{ name: '' }] });
  assert.equal(decode(Thing, { spec: { replicas: 0 } }).object.spec.replicas, 0);
});

test('scalars are left in their canonical form', () => {
  const { object } = decode(Thing, {
    metadata: { creationTimestamp: '2020-01-01T02:00:00.5+01:00', labels: { a: null } },
    spec: { strategy: { maxSurge: '25%' }, volumes: [{ name: 'v', emptyDir: { sizeLimit: 0.5 } }], target: 0 },
    status: { total: ' 1024Mi ', renewed: '2020-01-01T00:00:00.123456Z' },
    data: { a: 'aGk=' },
  });
  assert.equal(object.metadata.creationTimestamp, '2020-01-01T01:00:00Z');
  assert.deepEqual(object.metadata.labels, { a: '' });
  assert.deepEqual(object.spec.volumes, [{ name: 'v', emptyDir: { sizeLimit: '500m' } }]);
  assert.equal(object.spec.target, 0);
  assert.equal(object.status.total, '1Gi');
});

test('unknown fields are dropped and told', () => {
  const { object, unknownFields } = decode(Thing, {
    foo: 1,
    metadata: { labels: { any: 'thing' } },
    spec: { containers: [{ name: 'a' }, { name: 'b', foo: 1, ports: [{ bar: 1 }] }] },
    extension: { what: 'ever' },
  });
  assert.deepEqual(unknownFields, ['spec.containers[1].ports[0].bar', 'spec.containers[1].foo', 'foo']);
  assert.ok(!('foo' in object));
  assert.deepEqual(object.extension, { what: 'ever' });
});

const mistakes: [unknown, string][] = [
  [[], 'json: cannot unmarshal array into Go value of type v1.Thing'],
  [{ spec: 'x' }, 'json: cannot unmarshal string into Go struct field Thing.spec of type v1.Spec'],
  [{ spec: { replicas: '1' } }, 'json: cannot unmarshal string into Go struct field Spec.spec.replicas of type int32'],
  [
    { spec: { replicas: 1.5 } },
    'json: cannot unmarshal number 1.5 into Go struct field Spec.spec.replicas of type int32',
  ],
  [
    { spec: { containers: [{ ports: [{ containerPort: 'http' }] }] } },
    'json: cannot unmarshal string into Go struct field Port.spec.containers.ports.containerPort of type int32',
  ],
  [
    { spec: { containers: {} } },
    'json: cannot unmarshal object into Go struct field Spec.spec.containers of type []v1.Container',
  ],
  [
    { metadata: { labels: { a: 1 } } },
    'json: cannot unmarshal number into Go struct field Meta.metadata.labels of type string',
  ],
  [{ spec: { target: true } }, 'json: cannot unmarshal bool into Go struct field Spec.spec.target of type int32'],
  [
    { status: { total: 'x' } },
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    { metadata: { creationTimestamp: 'now' } },
    'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
  ],
  [{ data: { a: 'a$b=' } }, 'illegal base64 data at input byte 1'],
];

test('a mistyped field is a bad request in the words of encoding/json', () => {
  for (const [value, message] of mistakes) assert.throws(() => decode(Thing, value), { message, code: 400 });
});

test('nothing reaches a prototype', () => {
  const text =
    '{"__proto__":{"a":1},"metadata":{"labels":{"__proto__":"x","constructor":"y"}},"data":{"__proto__":"aGk="}}';
  const { object, unknownFields } = decode(Thing, parseJson(text).value);
  assert.deepEqual(unknownFields, ['__proto__']);
  assert.deepEqual(Object.keys(object.metadata.labels ?? {}), ['__proto__', 'constructor']);
  assert.equal(Object.getPrototypeOf(object.data), Object.prototype);
  assert.ok(!('a' in {}));
});

test('decoding what was decoded changes nothing', () => {
  const scalar = fc.oneof(fc.constant(null), fc.constantFrom('', 'a', 'b'));
  const port = fc.record(
    { name: scalar, containerPort: fc.integer({ min: 0, max: 3 }), junk: fc.anything() },
    { requiredKeys: [] },
  );
  const container = fc.record(
    { name: scalar, args: fc.array(scalar), ports: fc.array(port), tty: fc.boolean() },
    { requiredKeys: [] },
  );
  const thing = fc.record(
    {
      kind: scalar,
      spec: fc.record({ containers: fc.array(container), replicas: fc.option(fc.nat(9)) }, { requiredKeys: [] }),
      extension: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(thing, (value) => {
      const once = decode(Thing, value).object;
      const twice = decode(Thing, once);
      assert.deepEqual(twice.unknownFields, []);
      assert.equal(JSON.stringify(twice.object), JSON.stringify(once));
    }),
  );
});

test('duplicate fields are told with their places', () => {
  const { value, duplicateFields } = parseJson('{"a":1,"b":[{"c":"x:\\":","c":2}],"a":3, "d" : {}}');
  assert.deepEqual(duplicateFields, ['b[0].c', 'a']);
  assert.deepEqual(value, { a: 3, b: [{ c: 2 }], d: {} });
  fc.assert(fc.property(fc.json(), (text) => assert.deepEqual(parseJson(text).duplicateFields, [])));
});

test('broken JSON is told in the words of encoding/json', () => {
  const broken: [string, string][] = [
    ['', 'unexpected end of JSON input'],
    ['{"a":', 'unexpected end of JSON input'],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['[1 2]', "invalid character '2' after array element"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['nul', "invalid character ' ' in literal null (expecting 'l')"],
    ['1e', 'unexpected end of JSON input'],
    ['{"a":1e}', "invalid character '}' in exponent of numeric literal"],
    ['\u0001', String.raw`invalid character '\x01' looking for beginning of value`],
    ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
    ['nulx', "invalid character 'x' in literal null (expecting 'l')"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['"\n"', "invalid character '\\n' in string literal"],
  ];
  for (const [text, message] of broken) assert.throws(() => parseJson(text), { message, code: 400 }, text);
  assert.throws(() => parseJson('['.repeat(5000) + ']'.repeat(5000)), { message: 'exceeded max depth' });
  assert.throws(() => parseJson('['.repeat(1_000_000)), {
    message: "invalid character '[' exceeded max depth",
    code: 400,
  });
  assert.throws(() => parseJson('[1,2]', { maxBytes: 3 }), { code: 413 });
});

test('defaults fill what says nothing', () => {
  const { object } = decode(Thing, {
    spec: { containers: [{ name: 'a', ports: [{ containerPort: 1 }] }], volumes: [{ name: 'v' }] },
  });
  applyDefaults(Thing, object);
  assert.equal(object.spec.replicas, 1);
  assert.equal(object.spec.strategy?.type, 'RollingUpdate');
  assert.equal(object.spec.containers[0]?.ports?.[0]?.protocol, 'TCP');
  assert.deepEqual(object.spec.volumes, [{ name: 'v' }]);
  const zero = decode(Thing, { spec: { replicas: 0 } }).object;
  applyDefaults(Thing, zero);
  assert.equal(zero.spec.replicas, 0);
});

test('the schema alone finds what is missing, out of range or not in the enum', () => {
  const errors = new FieldErrors();
  const container = { ports: [{ name: 'a--b', hostPort: 70000, protocol: 'ICMP' }], env: [{ value: 'x' }] };
  validateFields(Thing, decode(Thing, { spec: { containers: [container] } }).object, errors);
  assert.deepEqual(
    errors.list.map((one) => `${one.field}: ${one.message}`),
    [
      'spec.containers[0].name: Required value',
      'spec.containers[0].ports[0].name: Invalid value: "a--b": must not contain consecutive hyphens',
      'spec.containers[0].ports[0].hostPort: Invalid value: 70000: must be between 0 and 65535, inclusive',
      'spec.containers[0].ports[0].containerPort: Required value',
      'spec.containers[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP"',
      'spec.containers[0].env[0].name: Required value',
    ],
  );
});
