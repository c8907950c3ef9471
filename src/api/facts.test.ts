/**
 * The types against the facts of Kubernetes v1.36, where the folder of facts stands beside the checkout
 * (`../shared/kubernetes/api-types.json`): every field by its name, type, protobuf number, list and merge keys.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import type { FieldData, Message, Type } from '#machinery';
import { allResources, packages } from './index.ts';

interface FieldFacts {
  json: string;
  type: string;
  inline?: boolean;
  omitempty?: boolean;
  omitzero?: boolean;
  proto?: number;
  markers?: string[];
  patchStrategy?: string;
  patchMergeKey?: string;
}

interface PackageFacts {
  types: Record<string, { fields: FieldFacts[]; markers?: string[] }>;
  aliases: Record<string, string>;
}

interface ResourceFacts {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  subresources: Record<string, { verbs: string[] }>;
}

const folder = fileURLToPath(new URL('../../../shared/kubernetes/', import.meta.url));
const isThere = existsSync(folder);
/** These stand beside a checkout, or do not: where they do not, there is nothing to compare with, and that is no fault of the machine. */
const compare = (name: string, check: () => void): void => void (isThere && test(name, check));
if (!isThere) console.log(`no facts at ${folder}: nothing is compared with them`);
const read = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');
const facts: Record<string, PackageFacts> = isThere ? JSON.parse(read('api-types.json')).packages : {};
const resourceFacts: ResourceFacts[] = isThere ? JSON.parse(read('api-resources.json')) : [];

/** Types that the facts do not have: machinery of Go's own, and the list types that `listOf` makes. */
const beyondFacts = new Set(['GroupVersionKind', 'WatchEvent']);

function packageKey(name: string): string {
  return name.split('.').slice(-2).join('/');
}

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  bool: 'bool',
  'types.UID': 'string',
  'types.NodeName': 'string',
  float64: 'double',
  JSON: 'raw',
  '[]byte': 'bytes',
  Time: 'time',
  MicroTime: 'microTime',
  'resource.Quantity': 'quantity',
  'intstr.IntOrString': 'intOrString',
  any: 'raw',
  'runtime.RawExtension': 'raw',
  FieldsV1: 'raw',
};

/** A Go type in the words of the schema: `list(Container)`, `map(quantity)`, `time`. */
function wordsOfGo(goType: string, own: string): string {
  const [, prefix, bare = goType] = /^(metav1|corev1|v1|apiv1)\.(\w+)$/.exec(goType) ?? [];
  const known = scalars[bare];
  if (known) return known;
  if (bare.startsWith('[]')) return `list(${wordsOfGo(bare.slice(2).replace(/^\*/, ''), own)})`;
  const [, values] = /^map\[[\w.]+\](.*)$/.exec(bare) ?? [];
  if (values !== undefined) return `map(${wordsOfGo(values, own)})`;
  for (const key of [own, ...(prefix ? ['meta/v1', 'core/v1'] : [])]) {
    if (facts[key]?.types[bare]) return bare;
    const alias = facts[key]?.aliases[bare];
    if (alias) return wordsOfGo(alias.replace(/^= /, ''), key);
  }
  return bare;
}

function wordsOf(type: Type): string {
  if (type.kind === 'message') return type.message().name;
  if (type.kind === 'either') return type.name;
  if (type.kind === 'list') return `list(${wordsOf(type.items)})`;
  if (type.kind === 'map') return `map(${wordsOf(type.values)})`;
  return type.kind;
}

function markersOf({ markers = [] }: FieldFacts): { first: (name: string) => string | undefined; keys: string[] } {
  const pairs = markers.map((one) => one.split(/=(.*)/s));
  return {
    first: (name) => pairs.find(([key]) => key === name)?.[1],
    keys: pairs.filter(([key]) => key === 'listMapKey').map(([, value]) => value ?? ''),
  };
}

function isRequired({ markers = [], omitempty }: FieldFacts): boolean {
  if (markers.includes('required')) return true;
  return !markers.includes('optional') && omitempty !== true;
}

/** What the schema has to say, and says. Both as text, so that a difference reads well. */
function expected(field: FieldFacts, own: string): Record<string, unknown> {
  const { first, keys } = markersOf(field);
  const words = wordsOfGo(field.type.replace(/^\*/, ''), own);
  const isPointer = field.type.startsWith('*');
  return {
    number: field.proto ?? 0,
    type: words,
    pointer: isPointer,
    required: isRequired(field),
    ...(words.startsWith('list') && { listType: first('listType') ?? 'atomic', keys: keys.join() }),
    mapType: words.startsWith('map') && first('mapType') === 'atomic',
    structType: first('structType') ?? '',
    omitZero: field.omitzero === true,
    patchStrategy: field.patchStrategy ?? '',
    patchMergeKey: field.patchMergeKey ?? '',
    ...(isPlain(words) && { emitted: field.omitempty !== true, default: defaultOf(first('default')) }),
  };
}

/** Whether Go's `omitempty` makes a difference: structs it never leaves out. */
function isPlain(words: string): boolean {
  return /^(list|map|string|bool|bytes|int)/.test(words);
}

/** Named constants that stand as defaults. */
const constants: Readonly<Record<string, string>> = {
  'ref(AzureDataDiskCachingReadWrite)': '"ReadWrite"',
  'ref(AzureSharedBlobDisk)': '"Shared"',
};

function defaultOf(marker: string | undefined): unknown {
  return marker === undefined ? 'none' : JSON.parse(constants[marker] ?? marker);
}

function actual({
  number,
  type,
  pointer,
  required,
  patchStrategy,
  patchMergeKey,
  ...rest
}: FieldData): Record<string, unknown> {
  return {
    number,
    type: wordsOf(type),
    pointer: pointer === true,
    required: required === true,
    ...(type.kind === 'list' && { listType: type.listType, keys: (type.keys ?? []).join() }),
    mapType: type.kind === 'map' && type.mapType === 'atomic',
    structType: (type.kind === 'message' && type.structType) || '',
    omitZero: rest.omitZero === true,
    patchStrategy: (patchStrategy ?? []).join(),
    patchMergeKey: patchMergeKey ?? '',
    ...(isPlain(wordsOf(type)) && {
      emitted: rest.emitEmpty ?? required === true,
      default: rest.default ?? 'none',
    }),
  };
}

function typeFacts(key: string, name: string): FieldFacts[] {
  return facts[key]?.types[name]?.fields ?? facts['core/v1']?.types[name]?.fields ?? [];
}

/** The facts of a message's fields by JSON name, with what Go inlines spread out, and the number it is inlined under. */
function flatFacts(key: string, name: string, via = 0): Map<string, FieldFacts & { via: number }> {
  const found = new Map<string, FieldFacts & { via: number }>();
  for (const field of typeFacts(key, name)) {
    if (field.json === '-') continue;
    if (!field.inline) found.set(field.json, { ...field, via });
    else if (!field.type.endsWith('TypeMeta')) {
      for (const [inner, facts] of flatFacts(key, field.type, field.proto)) found.set(inner, facts);
    }
  }
  return found;
}

function differences(message: Message, key: string): string[] {
  const wanted = flatFacts(key, message.name);
  const told = new Set(Object.keys(message.fields).filter((one) => one !== 'kind' && one !== 'apiVersion'));
  const wrong: string[] = [];
  for (const [name, fact] of wanted) {
    const field = message.fields[name];
    const place = `${key} ${message.name}.${name}`;
    told.delete(name);
    if (!field) wrong.push(`${place} is missing`);
    else {
      const [want, have] = [
        JSON.stringify({ ...expected(fact, key), via: fact.via }),
        JSON.stringify({ ...actual(field), via: field.via?.number ?? 0 }),
      ];
      if (want !== have) wrong.push(`${place}: want ${want}, have ${have}`);
    }
  }
  return [...wrong, ...[...told].map((name) => `${key} ${message.name}.${name} is not in the facts`)];
}

compare('every field is as Kubernetes v1.36 has it', () => {
  const wrong = packages.flatMap(({ name, messages }) => {
    const key = packageKey(name);
    return messages
      .filter((one) => !beyondFacts.has(one.name) && !(one.name.endsWith('List') && !facts[key]?.types[one.name]))
      .flatMap((one) => differences(one, key));
  });
  assert.deepEqual(wrong, []);
});

compare('atomic types and defaults are as Kubernetes v1.36 has them', () => {
  const wrong = packages.flatMap(({ name, messages }) =>
    messages.flatMap((message) => {
      const known = facts[packageKey(name)]?.types[message.name];
      if (!known) return [];
      const isAtomic = known.markers?.includes('structType=atomic') === true;
      return isAtomic === (message.mapType === 'atomic') ? [] : [`${message.name}: atomic ${isAtomic}`];
    }),
  );
  assert.deepEqual(wrong, []);
});

/** Types that nothing stores or sends: what Go needs besides, and how upstream keeps what is kept otherwise here. */
const neverSent: Readonly<Record<string, readonly string[]>> = {
  'core/v1': [
    'AvoidPods',
    'PodSignature',
    'PodStatusResult',
    'Preconditions',
    'PreferAvoidPodsEntry',
    'RangeAllocation',
    'SerializedReference',
  ],
  'meta/v1': ['TypeMeta'],
  // Types of fields alone, and not messages of the schema.
  'apiextensions/v1': ['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray'],
};

/** Packages without resources of their own: webhooks are sent these. */
const withoutResources = new Set(['admission/v1']);

compare('every type of Kubernetes v1.36 is there', () => {
  const declared = new Map(
    packages.map(({ name, messages }) => [packageKey(name), new Set(messages.map((one) => one.name))]),
  );
  const missing = Object.entries(facts)
    .filter(([key]) => !withoutResources.has(key))
    .flatMap(([key, { types }]) =>
      Object.keys(types)
        .filter((name) => !declared.get(key)?.has(name) && !neverSent[key]?.includes(name))
        .map((name) => `${key} ${name}`),
    );
  assert.deepEqual(missing, []);
});

const verbNames: Readonly<Record<string, string>> = { post: 'create', put: 'update' };

/** HTTP methods in the words of RBAC. What can be listed and written can be watched, which the facts do not say. */
function verbsOf(methods: readonly string[]): string {
  const watched = methods.includes('list') && methods.includes('post') ? ['watch'] : [];
  return [...methods.map((one) => verbNames[one] ?? one), ...watched].sort().join();
}

/** `status: get,patch,update`; what is connected to is only named, since each method is a verb of its own. */
function subresourceWords(name: string, verbs: readonly string[], isConnected: boolean): string {
  return isConnected ? name : `${name}: ${verbsOf(verbs)}`;
}

compare('every resource of Kubernetes v1.36 is there, with its verbs and subresources', () => {
  const wrong = resourceFacts
    .filter(({ group, version }) => !withoutResources.has(`${group}/${version}`))
    .flatMap(({ group, version, resource, kind, namespaced, verbs, subresources }) => {
      const place = `${group}/${version} ${resource}`;
      const have = allResources.find(
        (one) => one.group === group && one.version === version && one.plural === resource,
      );
      if (!have) return [`${place} is missing`];
      const connected = new Set(Object.keys(subresources).filter((one) => subresources[one]?.verbs[0] === 'connect'));
      const wanted = Object.entries(subresources)
        .filter(([name]) => !name.endsWith('{path}'))
        .map(([name, sub]) => subresourceWords(name, sub.verbs, connected.has(name)));
      const told = Object.entries(have.subresources ?? {}).map(([name, sub]) =>
        subresourceWords(name, sub.verbs, connected.has(name)),
      );
      const want = JSON.stringify([kind, namespaced, verbsOf(verbs), wanted.sort()]);
      const got = JSON.stringify([have.kindName, have.namespaced, verbsOf(have.verbs), told.sort()]);
      return want === got ? [] : [`${place}: want ${want}, have ${got}`];
    });
  assert.deepEqual(wrong, []);
});

test('every type and field says what it is for', () => {
  const silent = packages.flatMap(({ messages }) =>
    messages.flatMap((message) =>
      [message.doc, ...Object.values(message.fields).map((field) => field.doc)].filter((doc) => !/^\S.*\.$/.test(doc)),
    ),
  );
  assert.deepEqual(silent, []);
});
