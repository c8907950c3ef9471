import { compareText } from '#base';
import type { Message, Type } from '#machinery';

/** A query parameter: name, type, and what it does. */
export interface Parameter {
  name: string;
  type: 'string' | 'integer' | 'boolean';
  description: string;
}

export const pretty: Parameter = { name: 'pretty', type: 'string', description: "'true' indents the answer." };
const dryRun: Parameter = { name: 'dryRun', type: 'string', description: "'All' checks everything and keeps nothing." };
const fieldManager: Parameter = { name: 'fieldManager', type: 'string', description: 'Who makes the change.' };
const fieldValidation: Parameter = {
  name: 'fieldValidation',
  type: 'string',
  description: 'What to do about fields that are unknown or given twice: Ignore, Warn or Strict.',
};
const force: Parameter = { name: 'force', type: 'boolean', description: 'Take over fields of other managers (apply).' };

const selection: Parameter[] = [
  { name: 'continue', type: 'string', description: 'Where the list before this one ended.' },
  { name: 'fieldSelector', type: 'string', description: 'Only objects whose fields match.' },
  { name: 'labelSelector', type: 'string', description: 'Only objects whose labels match.' },
  { name: 'limit', type: 'integer', description: 'How many objects at most.' },
  { name: 'resourceVersion', type: 'string', description: 'How current the answer must be.' },
  { name: 'resourceVersionMatch', type: 'string', description: 'How resourceVersion is meant: Exact or NotOlderThan.' },
  { name: 'sendInitialEvents', type: 'boolean', description: 'Begin a watch with what is there.' },
  { name: 'shardSelector', type: 'string', description: 'Only objects of one shard, where shards are served.' },
  { name: 'timeoutSeconds', type: 'integer', description: 'How long at most.' },
];

const watching: Parameter[] = [
  { name: 'allowWatchBookmarks', type: 'boolean', description: 'Send bookmarks too.' },
  { name: 'watch', type: 'boolean', description: 'Stream changes instead of a list.' },
];

const deletion: Parameter[] = [
  dryRun,
  { name: 'gracePeriodSeconds', type: 'integer', description: 'How long the object has to end.' },
  {
    name: 'ignoreStoreReadErrorWithClusterBreakingPotential',
    type: 'boolean',
    description: 'Delete an object that cannot be read.',
  },
  { name: 'orphanDependents', type: 'boolean', description: 'Deprecated: use propagationPolicy.' },
  {
    name: 'propagationPolicy',
    type: 'string',
    description: 'What becomes of dependents: Orphan, Background, Foreground.',
  },
];

function byName(parameters: readonly Parameter[]): Parameter[] {
  return parameters.toSorted((one, other) => compareText(one.name, other.name));
}

const listing = byName([...watching, ...selection, pretty]);

/** The query parameters of each action. */
export const parametersOf: Readonly<Record<string, readonly Parameter[]>> = {
  get: [pretty],
  list: listing,
  watch: listing,
  watchlist: listing,
  post: [dryRun, fieldManager, fieldValidation, pretty],
  put: [dryRun, fieldManager, fieldValidation, pretty],
  patch: [dryRun, fieldManager, fieldValidation, force, pretty],
  delete: byName([...deletion, pretty]),
  deletecollection: byName([...deletion, ...selection, pretty]),
};

const optionsOf = new Map<Message, readonly Parameter[]>();

/** The fields of an options type, which stand in the query: the same parameters for each of its operations. */
export function parametersIn(options: Message): readonly Parameter[] {
  let known = optionsOf.get(options);
  if (!known) optionsOf.set(options, (known = fieldsOf(options)));
  return known;
}

function fieldsOf({ fields }: Message): Parameter[] {
  // Neither what kind of options they are, nor times are told.
  const told = Object.entries(fields).filter(
    ([name, { type }]) => name !== 'kind' && name !== 'apiVersion' && type.kind !== 'time',
  );
  return byName(told.map(([name, { doc, type }]) => ({ name, type: typeOf(type), description: doc })));
}

function typeOf(type: Type): Parameter['type'] {
  if (type.kind === 'list') return typeOf(type.items);
  const { kind } = type;
  if (kind === 'bool') return 'boolean';
  return kind === 'int32' || kind === 'int64' ? 'integer' : 'string';
}
