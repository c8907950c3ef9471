import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { hasPath, pathsOf, subtract, unite, type FieldSet } from './field-set.ts';
import { compare, isSame } from './compare.ts';
import { conform } from './conform.ts';
import { Conflicts } from './conflicts.ts';
import { fieldsOf } from './fields-of.ts';
import { extractFields, removeFields } from './remove-fields.ts';
import { shapeOf } from './shape.ts';
import { Story, Thing } from './testing/story.ts';

const shape = shapeOf(Thing);
const number = fc.integer({ min: 1, max: 3 });
const text = fc.constantFrom('x', 'y');
const optional: { requiredKeys: [] } = { requiredKeys: [] };
const labels = fc.dictionary(fc.constantFrom('k', 'l', 'm'), text, { maxKeys: 3, noNullPrototype: true });
const nested = fc.record({ a: number, c: labels }, optional);
const item = fc.record({ name: fc.constantFrom('a', 'b', 'c'), value: number, nested }, { requiredKeys: ['name'] });

const thing = fc.record(
  {
    number,
    nested,
    labels,
    pair: fc.record({ a: number, b: number }, optional),
    set: fc.uniqueArray(text),
    atoms: fc.array(text, { maxLength: 2 }),
    items: fc.uniqueArray(item, { selector: ({ name }) => name, maxLength: 3 }),
    structs: fc.dictionary(text, nested, { noNullPrototype: true }),
  },
  optional,
);

const step = fc.record({
  isApply: fc.boolean(),
  manager: fc.constantFrom('one', 'two', 'three'),
  object: thing,
  force: fc.boolean(),
});

/** Runs a step; false where it was refused. */
function take(
  story: Story,
  { isApply, manager, object, force }: { isApply: boolean; manager: string; object: object; force: boolean },
): boolean {
  if (!isApply) return Boolean(story.update(`update-${manager}`, object));
  try {
    story.apply(`apply-${manager}`, object, { force });
    return true;
  } catch (error) {
    if (error instanceof Conflicts) return false;
    throw error;
  }
}

/** Every path of an object, also of the structs on the way. */
function allPaths(object: unknown): FieldSet {
  return unite(compare(shape, undefined, object).added, fieldsOf(shape, object));
}

test('whatever is written in whatever order, what is owned is there', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const story = new Story();
      for (const one of steps) {
        take(story, one);
        const there = allPaths(story.object);
        for (const { set } of story.managers.values()) {
          for (const path of pathsOf(set)) assert.ok(hasPath(there, path), path.join(' '));
        }
      }
    }),
  );
});

test('to apply again changes nothing, and to force leaves no conflict', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), thing, (steps, config) => {
      const story = new Story();
      for (const one of steps) take(story, one);
      story.apply('apply-me', config, { force: true });
      const { object, managers } = story;
      story.apply('apply-me', config);
      assert.deepEqual(story.object, object);
      assert.deepEqual(story.managers, managers);
    }),
  );
});

test('to apply nothing takes away what only oneself owned, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      const story = new Story();
      for (const one of steps) take(story, one);
      const { object: before, managers } = story;
      const mine = managers.get('apply-one')?.set ?? {};
      story.apply('apply-one', {});
      const others = [...story.managers.values()].map(({ set }) => set).reduce(unite, {});
      const { added, modified, removed } = compare(shape, before, story.object);
      assert.deepEqual([added, modified], [{}, {}]);
      for (const path of pathsOf(fieldsOf(shape, story.object))) {
        if (hasPath(mine, path)) assert.ok(isNeeded(others, fieldsOf(shape, story.object), path), path.join(' '));
      }
      for (const path of pathsOf(removed)) assert.ok(!hasPath(others, path), path.join(' '));
    }),
  );
});

/** A path stays where somebody owns it, or anything below it that nobody may take. */
function isNeeded(owned: FieldSet, there: FieldSet, path: readonly string[]): boolean {
  if (hasPath(owned, path)) return true;
  return [...pathsOf(there)].some(
    (one) => one.length > path.length && path.every((element, at) => one[at] === element),
  );
}

test('what was compared, merged, removed and extracted fits together', () => {
  fc.assert(
    fc.property(thing, thing, (a, b) => {
      assert.deepEqual(conform(shape, a), []);
      assert.ok(isSame(compare(shape, a, structuredClone(a))));
      const { added, modified, removed } = compare(shape, a, b);
      const back = compare(shape, b, a);
      assert.deepEqual([back.added, back.modified, back.removed], [removed, modified, added]);
      const set = fieldsOf(shape, a);
      assert.deepEqual(fieldsOf(shape, extractFields(shape, a, set)), set);
      const rest = fieldsOf(shape, removeFields(shape, a, added));
      for (const path of pathsOf(subtract(set, rest))) {
        assert.ok([...pathsOf(added)].some((one) => one.every((element, at) => path[at] === element)));
      }
    }),
  );
});
