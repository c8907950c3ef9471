import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepFreeze } from '#base';
import {
  extractApplied,
  FieldManager,
  isStatusError,
  managedFieldsText,
  type KubeObject,
  type ManagedFieldsEntry,
} from '../index.ts';
import { int32, list, map, message, of, pointer, present, raw, set, string, time } from '../schema/fields.ts';

class Entry extends message('An entry.', {
  manager: string(1, ''),
  operation: string(2, ''),
  apiVersion: string(3, ''),
  time: pointer(time(4, '')),
  fieldsType: string(6, ''),
  fieldsV1: pointer(raw(7, '', 'fieldsV1')),
  subresource: string(8, ''),
}) {}
class Meta extends message('Metadata.', {
  name: string(1, ''),
  namespace: string(3, ''),
  uid: string(5, ''),
  resourceVersion: string(6, ''),
  labels: map(11, '', string(0, '')),
  annotations: map(12, '', string(0, '')),
  finalizers: set(14, '', string(0, '')),
  managedFields: list(17, '', Entry),
}) {}
class Spec extends message('A wish.', { size: int32(1, ''), color: string(2, '') }) {}
class Widget extends message('An object.', {
  metadata: present(of(1, '', Meta)),
  spec: present(of(2, '', Spec)),
  status: present(of(3, '', Spec)),
}) {}

const types = { apiVersion: 'test/v1', kind: 'Widget' };
type Shown = KubeObject & { spec: object; status: object };

function widget(spec: object, metadata: object = {}, status: object = {}): Shown {
  return deepFreeze({ ...types, metadata: { name: 'w', namespace: 'ns', ...metadata }, spec, status });
}

/** A manager of fields whose clock goes on a second with every write, and an object that it keeps. */
class Desk {
  readonly #managers = new Map<string, FieldManager>();
  #seconds = 0;
  live: Shown | undefined;

  through(subresource = ''): FieldManager {
    let manager = this.#managers.get(subresource);
    if (!manager) {
      const nowMs = (): number => this.#seconds++ * 1000;
      this.#managers.set(subresource, (manager = new FieldManager({ message: Widget, ...types, subresource, nowMs })));
    }
    return manager;
  }

  write(manager: string, object: Shown, subresource = ''): this {
    this.#keep(object, this.through(subresource).update(this.live, object, manager));
    return this;
  }

  apply(manager: string, config: object, { force = false, subresource = '' } = {}): this {
    const applied = this.through(subresource).apply(this.live, { ...types, ...config }, { manager, force });
    this.#keep((applied.object ?? this.live) as Shown, applied.managedFields);
    return this;
  }

  #keep(object: Shown, managedFields: ManagedFieldsEntry[] | undefined): void {
    const { managedFields: _before, ...metadata } = object.metadata;
    const uid = 'u';
    this.live = deepFreeze({ ...object, metadata: { ...metadata, uid, ...(managedFields && { managedFields }) } });
  }

  get entries(): ManagedFieldsEntry[] {
    return this.live?.metadata.managedFields ?? [];
  }

  /** `manager operation second fields`. */
  get told(): string[] {
    return this.entries.map(({ manager, operation, time: at = 'never', subresource, fieldsV1 }) => {
      const through = subresource === undefined ? '' : `/${subresource}`;
      return `${manager}${through} ${operation} ${at.slice(-3, -1)} ${JSON.stringify(fieldsV1)}`;
    });
  }
}

const named = { metadata: { name: 'w', namespace: 'ns' } };

test('who creates owns what he sent, but not who the object is', () => {
  const desk = new Desk().write('kubectl-create', widget({ size: 1 }, { labels: { a: 'b' } }));
  assert.deepEqual(desk.entries, [
    {
      manager: 'kubectl-create',
      operation: 'Update',
      apiVersion: 'test/v1',
      time: '1970-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } }, 'f:spec': { 'f:size': {} } },
    },
  ]);
});

test('objects of one template have one set between them, whatever came between', () => {
  const setsOf = (labels: object): unknown =>
    new Desk().write('kubectl-create', widget({ size: 1 }, { labels })).entries[0]?.fieldsV1;
  const [first, second] = [
    { a: '1', b: '1' },
    { b: '1', c: '1', a: '1' },
  ].map(setsOf);
  assert.deepEqual(second, {
    'f:metadata': { 'f:labels': { '.': {}, 'f:a': {}, 'f:b': {}, 'f:c': {} } },
    'f:spec': { 'f:size': {} },
  });
  assert.deepEqual(setsOf({ b: '2' }), {
    'f:metadata': { 'f:labels': { '.': {}, 'f:b': {} } },
    'f:spec': { 'f:size': {} },
  });
  assert.equal(setsOf({ a: '3', b: '3' }), first);
  assert.equal(setsOf({ b: '4', c: '4', a: '4' }), second);
});

test('managed fields are written as they are', () => {
  const desk = new Desk().write('one', widget({ size: 1 }));
  const { entries } = desk.write('two', widget({ size: 1 }, {}, { size: 2 }), 'status');
  assert.equal(entries.length, 2);
  const all = [...entries, { manager: 'of old' }, {}];
  for (const _ of ['as they come', 'remembered']) assert.deepEqual(JSON.parse(managedFieldsText(all)), all);
});

test('a write that changes nothing leaves the entries as they are, the same objects', () => {
  const desk = new Desk().write('one', widget({ size: 1 })).write('two', widget({ size: 1, color: 'red' }));
  const { entries, live } = desk;
  assert.ok(live);
  desk.write('two', live);
  assert.deepEqual(desk.told, ['one Update 00 {"f:spec":{"f:size":{}}}', 'two Update 01 {"f:spec":{"f:color":{}}}']);
  for (const [at, entry] of desk.entries.entries()) assert.equal(entry, entries[at]);
});

test('a status is owned through its subresource', () => {
  const desk = new Desk().write('kubectl', widget({ size: 1 }));
  desk.write('kubectl', widget({ size: 1 }, {}, { size: 1 }), 'status');
  assert.deepEqual(desk.told, [
    'kubectl Update 00 {"f:spec":{"f:size":{}}}',
    'kubectl/status Update 01 {"f:status":{"f:size":{}}}',
  ]);
});

test('conflicts are told in the words of kubectl users', () => {
  const desk = new Desk().write('kubectl-client-side-apply', widget({ size: 1, color: 'red' }));
  const refused = (config: object): unknown => {
    try {
      desk.apply('me', config);
    } catch (error) {
      assert.ok(isStatusError(error, 'Conflict'));
      return error.status;
    }
    return assert.fail('no conflict');
  };
  const one = 'conflict with "kubectl-client-side-apply" using test/v1';
  assert.deepEqual(refused({ ...named, spec: { size: 2 } }), {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `Apply failed with 1 conflict: ${one}: .spec.size`,
    reason: 'Conflict',
    details: { causes: [{ reason: 'FieldManagerConflict', message: one, field: '.spec.size' }] },
    code: 409,
  });
  desk.write('status-writer', widget({ size: 1, color: 'red' }, {}, { size: 1 }), 'status');
  const { message } = refused({ ...named, spec: { size: 2, color: 'x' }, status: { size: 3 } }) as { message: string };
  assert.equal(
    message,
    [
      'Apply failed with 3 conflicts: conflicts with "kubectl-client-side-apply" using test/v1:',
      '- .spec.color',
      '- .spec.size',
      'conflicts with "status-writer" with subresource "status" using test/v1:',
      '- .status.size',
    ].join('\n'),
  );
});

test('an apply that changes nothing keeps its time, and a new applier of the same has none', () => {
  const desk = new Desk().apply('me', { ...named, spec: { size: 1 } });
  desk.apply('me', { ...named, spec: { size: 1 } }).apply('you', { ...named, spec: { size: 1 } });
  assert.deepEqual(desk.told, ['you Apply ve {"f:spec":{"f:size":{}}}', 'me Apply 00 {"f:spec":{"f:size":{}}}']);
});

test('what nobody has tracked stays so, until somebody applies', () => {
  const desk = new Desk();
  desk.live = widget({ size: 1 }, { uid: 'u' });
  desk.write('me', widget({ size: 2 }, { uid: 'u' }));
  assert.deepEqual(desk.entries, []);
  desk.apply('you', { ...named, spec: { color: 'red' } });
  assert.deepEqual(desk.told, [
    'you Apply 01 {"f:spec":{"f:color":{}}}',
    'before-first-apply Update 00 {"f:spec":{"f:size":{}}}',
  ]);
});

test('clients may say whose the fields are, clear that, and cannot break it', () => {
  const desk = new Desk().write('one', widget({ size: 1 }));
  const { entries } = desk;
  const say = (managedFields: unknown, subresource = ''): string[] =>
    new FieldManager({ message: Widget, ...types, subresource, nowMs: () => 0 })
      .update(desk.live, widget({ size: 1 }, { uid: 'u', managedFields }), 'two')
      ?.map(({ manager = '' }) => manager) ?? [];
  assert.deepEqual(say(entries.map((one) => ({ ...one, manager: 'renamed' }))), ['renamed']);
  assert.deepEqual(
    say(
      entries.map((one) => ({ ...one, manager: 'renamed' })),
      'status',
    ),
    ['one'],
  );
  assert.deepEqual([say([{}]), say([])], [[], []]);
  assert.deepEqual(say(undefined), ['one']);
  for (const broken of [
    { operation: 'Guess' },
    { apiVersion: undefined },
    { fieldsType: undefined },
    { fieldsType: 'FieldsV2' },
    { fieldsV1: { name: {} } },
  ]) {
    assert.deepEqual(say(entries.map((one) => ({ ...one, ...broken }))), ['one']);
  }
});

test('more than ten who update become one, the oldest first', () => {
  const desk = new Desk().apply('applier', { ...named, spec: { size: 1 } });
  const labels: Record<string, string> = {};
  for (let at = 10; at < 22; at++) {
    labels[`l${at}`] = 'x';
    desk.write(`m${at}`, widget({ size: 1 }, { labels: { ...labels } }));
  }
  const names = desk.entries.map(({ manager }) => manager);
  const rest = ['m13', 'm14', 'm15', 'm16', 'm17', 'm18', 'm19', 'm20', 'm21'];
  assert.deepEqual(names, ['applier', 'ancient-changes', ...rest]);
  const ancient = { 'f:labels': { '.': {}, 'f:l10': {}, 'f:l11': {}, 'f:l12': {} } };
  assert.deepEqual(desk.entries[1]?.fieldsV1, { 'f:metadata': ancient });
});

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

test('who moves from client-side to server-side apply is not in conflict with himself', () => {
  const first = { ...types, ...named, spec: { color: 'red', size: 1 } };
  const annotations = { [annotation]: JSON.stringify(first) };
  const desk = new Desk().write('kubectl-client-side-apply', widget(first.spec, { annotations }));
  desk.apply('kubectl', { ...named, spec: { color: 'blue', size: 1 } });
  assert.deepEqual(desk.live?.spec, { color: 'blue', size: 1 });
  assert.equal(
    desk.live?.metadata.annotations?.[annotation],
    '{"apiVersion":"test/v1","kind":"Widget","metadata":{"name":"w","namespace":"ns"},"spec":{"color":"blue","size":1}}\n',
  );
  desk.write('scaler', widget({ color: 'blue', size: 5 }, { annotations: desk.live?.metadata.annotations }));
  const config = { ...named, spec: { color: 'green', size: 1 } };
  assert.throws(() => desk.apply('kubectl', config), /1 conflict: conflict with "scaler" using test\/v1: .spec.size/);
  assert.throws(() => desk.apply('other', { ...named, spec: { color: 'green' } }), /conflict with "kubectl"/);
});

test('a configuration that does not fit is refused in the words of upstream', () => {
  const desk = new Desk();
  const messageOf = (config: object): string => {
    try {
      desk.apply('me', config);
    } catch (error) {
      assert.ok(isStatusError(error));
      return `${error.code} ${error.message}`;
    }
    return 'applied';
  };
  assert.equal(messageOf({ kind: 'Gadget' }), '400 invalid object type: test/v1, Kind=Gadget');
  assert.equal(messageOf({ apiVersion: undefined, kind: undefined }), '400 invalid object type: /, Kind=');
  const managedFields = { metadata: { managedFields: [] } };
  assert.equal(messageOf(managedFields), '400 metadata.managedFields must be nil');
  const about = '500 failed to create typed patch object (ns/w; test/v1, Kind=Widget): ';
  const faults: [object, string][] = [
    [{ spec: { sise: 1 } }, '.spec.sise: field not declared in schema'],
    [{ spec: { size: '1' } }, '.spec.size: expected numeric (int or float), got string'],
    [{ spec: { color: 3 } }, '.spec.color: expected string, got &value.valueUnstructured{Value:3}'],
    [{ spec: 'x' }, '.spec: expected map, got &{x}'],
    [
      { spec: { size: true, color: { a: 1 } } },
      [
        'errors:',
        '  .spec.size: expected numeric (int or float), got bool',
        '  .spec.color: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":1}}',
      ].join('\n'),
    ],
  ];
  for (const [config, fault] of faults) assert.equal(messageOf({ ...named, ...config }), about + fault);
  const twice = { metadata: { ...named.metadata, finalizers: ['a', 'a', null] } };
  assert.match(messageOf(twice), /\.metadata\.finalizers: duplicate entries for key \[="a"\]\n/);
});

test('what a manager applied can be taken out of the object again', () => {
  const config = { ...named, spec: { size: 1 } };
  const desk = new Desk().apply('me', { metadata: { ...named.metadata, labels: { a: 'b' } }, spec: { size: 1 } });
  desk.write('you', widget({ size: 1, color: 'red' }, { labels: { a: 'b', c: 'd' } }));
  assert.ok(desk.live);
  const labels = { a: 'b' };
  assert.deepEqual(extractApplied(Widget, desk.live, { manager: 'me' }), {
    ...types,
    metadata: { labels },
    spec: config.spec,
  });
  assert.equal(extractApplied(Widget, desk.live, { manager: 'you' }), undefined);
});
