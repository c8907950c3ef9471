import { isObject } from './json.ts';
import type { FieldData, Message, Type } from './schema/types.ts';

/**
 * What Go writes where nothing is. Its JSON has `null` for a list, a map or bytes that are nil, and for the zero time, in
 * every field that is not left out then: `"rules":null`, `"lastProbeTime":null`. Objects here have `[]` and no time in those
 * places, so that whoever reads them needs no third case; `goForm` is for what leaves as JSON, `fromGoForm` for what comes in
 * without passing `decode`. Stored lists are never empty and not nil: protobuf, in which Go keeps them, cannot tell the two
 * apart.
 *
 * The walks are compiled to closures once per message, and go only where such a field can be.
 */
export function goForm<T extends object>(message: Message, object: T): T {
  return written(everything, message, object);
}

/** The same but for lists, which are nearly never empty: a search of the text tells whether to look for them at all. */
export function goFormButLists<T extends object>(message: Message, object: T): T {
  return written(allButLists, message, object);
}

/** Turns the form of `goForm` back, in place. */
export function fromGoForm(message: Message, object: object): void {
  walksOf(everything, message)?.fromGo(object);
}

function written<T extends object>(scope: Scope, message: Message, object: T): T {
  // What is put in is what Go's types say there, which is wider than the static type.
  return (walksOf(scope, message)?.toGo(object) ?? object) as T;
}

/** Which fields a walk is about, and the walks of the messages that were asked for already. */
interface Scope {
  readonly lists: boolean;
  readonly compiled: WeakMap<Message, { readonly walks: Walks | undefined }>;
}

const everything: Scope = { lists: true, compiled: new WeakMap() };
const allButLists: Scope = { lists: false, compiled: new WeakMap() };

interface Walks {
  /** Gives the value itself where nothing in it is written otherwise, else a copy. */
  readonly toGo: (value: unknown) => unknown;
  readonly fromGo: (value: unknown) => void;
}

/** What stands for nothing in a field. */
type Empty = 'list' | 'map' | 'bytes' | 'time';

/** Undefined where nothing below can be empty. */
function walksOf(scope: Scope, message: Message): Walks | undefined {
  let made = scope.compiled.get(message);
  if (!made) {
    made = { walks: hasEmpty(scope, message, new Set()) ? compileMessage(scope, message) : undefined };
    scope.compiled.set(message, made);
  }
  return made.walks;
}

function compileMessage(scope: Scope, message: Message): Walks {
  const members = Object.entries(message.fields).flatMap(
    ([name, field]) => memberOf(scope, name, emptyOf(scope, field), field.type) ?? [],
  );
  return {
    toGo: (value) => {
      if (!isObject(value)) return value;
      let out = value;
      for (const member of members) out = member.toGo(value, out);
      return out;
    },
    fromGo: (value) => {
      if (isObject(value)) for (const member of members) member.fromGo(value);
    },
  };
}

/** One member of an object. */
interface Member {
  /** `out` with this member of `object` in Go's form; a copy if `out` was still the object itself. */
  readonly toGo: (object: Record<string, unknown>, out: Record<string, unknown>) => Record<string, unknown>;
  readonly fromGo: (object: Record<string, unknown>) => void;
}

function memberOf(scope: Scope, name: string, empty: Empty | undefined, type: Type): Member | undefined {
  const inner = walksInto(scope, type);
  if (!empty && !inner) return undefined;
  const isEmpty = empty ? emptiness[empty] : never;
  return {
    toGo: (object, out) => {
      const value = object[name];
      const written = isEmpty(value) ? null : inner && value ? inner.toGo(value) : value;
      if (written === value) return out;
      const made = out === object ? { ...object } : out;
      made[name] = written;
      return made;
    },
    fromGo: (object) => {
      const value = object[name];
      if (value === null && empty) clear(object, name, empty);
      else if (value && inner) inner.fromGo(value);
    },
  };
}

function never(): boolean {
  return false;
}

const emptiness: Readonly<Record<Empty, (value: unknown) => boolean>> = {
  list: (value) => !Array.isArray(value) || value.length === 0,
  map: (value) => !isObject(value) || Object.keys(value).length === 0,
  bytes: (value) => value === undefined || value === '',
  time: (value) => value === undefined,
};

function clear(object: Record<string, unknown>, name: string, empty: Empty): void {
  if (empty === 'time') delete object[name];
  else object[name] = empty === 'list' ? [] : empty === 'map' ? {} : '';
}

function emptyOf({ lists }: Scope, { type, pointer, emitEmpty, required, omitZero }: FieldData): Empty | undefined {
  if (pointer === true) return undefined;
  if (type.kind === 'time' || type.kind === 'microTime') return omitZero === true ? undefined : 'time';
  const isWritten = emitEmpty ?? required ?? false;
  if (!isWritten || (type.kind === 'list' && !lists)) return undefined;
  return type.kind === 'list' || type.kind === 'map' || type.kind === 'bytes' ? type.kind : undefined;
}

function walksInto(scope: Scope, type: Type): Walks | undefined {
  if (!mayHaveEmpty(scope, type, new Set())) return undefined;
  switch (type.kind) {
    case 'message':
    case 'either':
      return lazily(scope, type.message);
    case 'list':
      return walksOfItems(walksInto(scope, type.items));
    case 'map':
      return walksOfValues(scope, type.values);
    default:
      return undefined;
  }
}

/** Messages may contain themselves. */
function lazily(scope: Scope, message: () => Message): Walks {
  let walks: Walks | undefined;
  const known = (): Walks | undefined => (walks ??= walksOf(scope, message()));
  return {
    toGo: (value) => (walks ?? known())?.toGo(value),
    fromGo: (value) => (walks ?? known())?.fromGo(value),
  };
}

function walksOfItems(items: Walks | undefined): Walks | undefined {
  if (!items) return undefined;
  return {
    toGo: (value) => (Array.isArray(value) ? listToGo(items, value) : value),
    fromGo: (value) => {
      if (Array.isArray(value)) for (const item of value) items.fromGo(item);
    },
  };
}

function listToGo(items: Walks, list: readonly unknown[]): readonly unknown[] {
  let out: unknown[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const item = list[at];
    const written = items.toGo(item);
    if (written !== item) (out ??= [...list])[at] = written;
  }
  return out ?? list;
}

/** Lists that are values of a map are nil as well (`ExtraValue`). */
function walksOfValues(scope: Scope, values: Type): Walks {
  const empty = values.kind === 'list' && scope.lists ? values.kind : undefined;
  const membersOf = (map: object): Member[] =>
    Object.keys(map).flatMap((name) => memberOf(scope, name, empty, values) ?? []);
  return {
    toGo: (value) => {
      if (!isObject(value)) return value;
      let out = value;
      for (const member of membersOf(value)) out = member.toGo(value, out);
      return out;
    },
    fromGo: (value) => {
      if (isObject(value)) for (const member of membersOf(value)) member.fromGo(value);
    },
  };
}

/** Whether anything in a value of this type may be written as `null`. */
function mayHaveEmpty(scope: Scope, type: Type, seen: Set<Message>): boolean {
  if (type.kind === 'list') return mayHaveEmpty(scope, type.items, seen);
  if (type.kind === 'map')
    return (scope.lists && type.values.kind === 'list') || mayHaveEmpty(scope, type.values, seen);
  return (type.kind === 'message' || type.kind === 'either') && hasEmpty(scope, type.message(), seen);
}

function hasEmpty(scope: Scope, message: Message, seen: Set<Message>): boolean {
  if (seen.has(message)) return false;
  seen.add(message);
  return Object.values(message.fields).some(
    (field) => emptyOf(scope, field) !== undefined || mayHaveEmpty(scope, field.type, seen),
  );
}
