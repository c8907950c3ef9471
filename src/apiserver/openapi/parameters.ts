import { compareText } from '#base';

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

/** The query parameters of each action. */
export const parametersOf: Record<string, readonly Parameter[]> = {
  get: [],
  list: byName([...watching, ...selection]),
  post: [dryRun, fieldManager, fieldValidation],
  put: [dryRun, fieldManager, fieldValidation],
  patch: [dryRun, fieldManager, fieldValidation, force],
  delete: deletion,
  deletecollection: byName([...deletion, ...selection]),
  connect: [],
};
