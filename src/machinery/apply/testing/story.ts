import assert from 'node:assert/strict';
import { deepFreeze } from '#base';
import { int32, list, listMap, map, message, of, raw, set, string } from '../../schema/fields.ts';
import { Conflicts } from '../conflicts.ts';
import { pathsOf } from '../field-set.ts';
import { describePath } from '../path-element.ts';
import { shapeOf, type Shape } from '../shape.ts';
import { Updater, type Managers, type Typed, type UpdaterOptions } from '../updater.ts';

/** A type with one of everything that server-side apply tells apart. */
export class Nested extends message('A struct.', {
  a: int32(1, 'A number.'),
  c: map(3, 'Values.', string(0, '')),
}) {}

export class Pair extends message(
  'Two numbers as one value.',
  { a: int32(1, ''), b: int32(2, '') },
  { mapType: 'atomic' },
) {}

export class Item extends message('An item by two keys.', {
  name: string(1, 'The first key.'),
  port: int32(2, 'The second key.', { default: 80 }),
  value: int32(3, 'A value.'),
  nested: of(4, 'A struct.', Nested),
  set: set(5, 'A set.', string(0, '')),
}) {}

export class Thing extends message('All kinds of fields.', {
  number: int32(1, 'A scalar.'),
  text: string(2, 'A scalar.'),
  nested: of(3, 'A struct.', Nested),
  pair: of(4, 'An atomic struct.', Pair),
  set: set(5, 'A set.', string(0, '')),
  atoms: list(6, 'An atomic list.', string(0, '')),
  items: listMap(7, 'A list by keys.', ['name', 'port'], Item),
  labels: map(8, 'A map.', string(0, '')),
  structs: map(9, 'A map of structs.', Nested),
  atomicMap: map(10, 'An atomic map.', string(0, ''), { atomic: true }),
  any: raw(11, 'Anything.', 'json'),
}) {}

/** An object's life: who writes what, and who owns what of it then. */
export class Story {
  readonly #updater: Updater;
  readonly #shape: Shape;
  object: unknown = {};
  managers: Managers = new Map();

  constructor(options: Partial<UpdaterOptions> & { shape?: Shape } = {}) {
    const { shape = shapeOf(Thing), ...others } = options;
    this.#shape = shape;
    this.#updater = new Updater({ convert: (object, version) => (version === 'gone' ? undefined : object), ...others });
  }

  update(manager: string, object: unknown, version = 'v1'): this {
    const after = this.#typed(object, version);
    this.managers = this.#updater.update(this.#typed(this.object, version), after, this.managers, manager);
    this.object = object;
    return this;
  }

  apply(manager: string, config: unknown, { force = false, version = 'v1' } = {}): this {
    const request = { managers: this.managers, manager, force };
    const live = this.#typed(this.object, version);
    const { object, managers } = this.#updater.apply(live, this.#typed(config, version), request);
    this.managers = managers;
    if (object) this.object = object.value;
    return this;
  }

  /** The conflicts that an apply runs into, as `manager: path`. */
  conflicts(manager: string, config: unknown): string[] {
    try {
      this.apply(manager, config);
    } catch (error) {
      if (!(error instanceof Conflicts)) throw error;
      return error.list.map(({ manager: other, path }) => `${other}: ${describePath(path)}`);
    }
    return assert.fail('no conflicts');
  }

  /** The paths that a manager owns. */
  owned(manager: string): string[] {
    return [...pathsOf(this.managers.get(manager)?.set ?? {})].map(describePath);
  }

  get owners(): string[] {
    return [...this.managers.keys()].sort();
  }

  #typed(value: unknown, version: string): Typed {
    return { version, shape: this.#shape, value: deepFreeze(value) };
  }
}
