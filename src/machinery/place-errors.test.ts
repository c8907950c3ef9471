import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldErrors, FieldPath, list, message, of, placeErrors, string } from './index.ts';

class Port extends message('A port.', {
  name: string(1, 'Its name.'),
  protocol: string(2, 'Its protocol.'),
  port: string(3, 'Its number.'),
}) {}

class Spec extends message(
  'What is wanted.',
  { first: string(1, '1'), ports: list(2, '2', Port), policy: string(3, '3'), last: string(4, '4') },
  { walk: ['ports', 'policy', 'first', 'last'] },
) {}

class Thing extends message('A thing.', { metadata: string(1, 'm'), spec: of(2, 's', Spec) }) {}

/** The fields of the errors, with what the schema has found among those of the rules. */
function placed(found: readonly string[], rules: readonly string[]): string[] {
  const errors = new FieldErrors();
  const add = (path: string): void => errors.invalid(FieldPath.of(path), '', '');
  [...found, ...rules].forEach(add);
  placeErrors(Thing, errors, { from: 0, to: found.length });
  return errors.list.map(({ field }) => field);
}

test('what the schema has found stands where the rules come by', () => {
  assert.deepEqual(placed(['spec.ports[0].protocol'], ['metadata.name', 'spec.ports[0].name', 'spec.ports[0].port']), [
    'metadata.name',
    'spec.ports[0].name',
    'spec.ports[0].protocol',
    'spec.ports[0].port',
  ]);
  assert.deepEqual(placed(['spec.ports[1].name', 'spec.ports[0].name'], ['spec.ports[2].port']), [
    'spec.ports[0].name',
    'spec.ports[1].name',
    'spec.ports[2].port',
  ]);
});

test('the order is that of the walk, which need not be that of the schema; the rules keep their own', () => {
  assert.deepEqual(placed(['spec.first', 'spec.policy'], ['spec.last', 'spec.ports[0].name']), [
    'spec.policy',
    'spec.first',
    'spec.last',
    'spec.ports[0].name',
  ]);
  assert.deepEqual(placed(['spec.policy'], ['metadata.name']), ['metadata.name', 'spec.policy']);
});

test('what is said of a thing itself comes before what is said of its parts', () => {
  assert.deepEqual(placed(['spec.ports'], ['spec.ports[0].name']), ['spec.ports', 'spec.ports[0].name']);
  assert.deepEqual(placed(['spec.first'], ['spec.first']), ['spec.first', 'spec.first']);
  assert.deepEqual(placed(['spec.first'], []), ['spec.first']);
});
