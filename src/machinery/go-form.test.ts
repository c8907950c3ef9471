import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromGoForm, goForm, list, map, message, microTime, pointer, required, string, time } from './index.ts';

class Part extends message('A part.', {
  names: required(list(1, 'Names.', string(0, ''))),
  note: string(2, 'A note.'),
}) {}

class Thing extends message('A thing.', {
  rules: list(1, 'Rules.', string(0, ''), { emitEmpty: true }),
  subjects: list(2, 'Subjects.', string(0, '')),
  parts: list(3, 'Parts.', Part),
  byName: map(4, 'Parts by name.', Part),
  extra: map(5, 'Values by name.', list(0, '', string(0, ''))),
  counters: required(map(6, 'Counters.', string(0, ''))),
  probed: time(7, 'When it was probed.'),
  happened: required(microTime(8, 'When it happened.')),
  made: time(9, 'When it was made.', { omitZero: true }),
  ended: pointer(time(10, 'When it ended.')),
}) {}

const plain = {
  rules: [],
  parts: [{ names: [] }, { names: ['a'], note: 'b' }],
  byName: { x: { names: [] } },
  extra: { a: [], b: ['c'] },
  counters: {},
};
const written = {
  rules: null,
  parts: [{ names: null }, { names: ['a'], note: 'b' }],
  byName: { x: { names: null } },
  extra: { a: null, b: ['c'] },
  counters: null,
  probed: null,
  happened: null,
};

test('what Go has nothing to write of is null, where it does not leave it out', () => {
  const before = structuredClone(plain);
  assert.deepEqual(goForm(Thing, plain), written);
  assert.deepEqual(plain, before, 'the object stays as it is');
});

test('an object that says everything is itself in both forms', () => {
  const full = {
    rules: ['a'],
    counters: { a: 'b' },
    probed: '2026-01-01T00:00:00Z',
    happened: '2026-01-01T00:00:00.000000Z',
  };
  assert.equal(goForm(Thing, full), full);
});

test('null is turned back into an empty list, an empty map and no time', () => {
  const read = structuredClone(written);
  fromGoForm(Thing, read);
  assert.deepEqual(read, plain);
});
