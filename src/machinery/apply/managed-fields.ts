import type { ManagedFieldsEntry } from '../schema/resource.ts';
import { emptySet } from './field-set.ts';
import { parseFieldSet, trustFieldSet } from './parse-field-set.ts';
import type { Managers, Owned } from './updater.ts';

/** Who wrote: the parts that tell one manager from another. Appliers are the same in every version. */
export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
}

/** `metadata.managedFields`, taken apart; all by the managers' keys. */
export interface Managed {
  readonly managers: Managers;
  readonly times: ReadonlyMap<string, string>;
  /** As they were read, to be written again where nothing changed. */
  readonly entries: ReadonlyMap<string, ManagedFieldsEntry>;
}

export const nobody: Managed = { managers: new Map(), times: new Map(), entries: new Map() };

/** The key of a manager, which is how upstream spells it: conflicts are listed in the order of these. */
export function managerKey({ manager, operation, apiVersion, subresource }: ManagerIdentity): string {
  const version = operation === 'Update' ? `,"apiVersion":${JSON.stringify(apiVersion)}` : '';
  const through = subresource === '' ? '' : `,"subresource":${JSON.stringify(subresource)}`;
  const name = manager === '' ? '' : `"manager":${JSON.stringify(manager)},`;
  return `{${name}"operation":"${operation}"${version}${through}}`;
}

/** The same few managers write again and again. */
const identities = new Map<string, Partial<ManagerIdentity>>();
const maxIdentities = 1024;

function identityOf(key: string): Partial<ManagerIdentity> {
  let known = identities.get(key);
  if (!known) {
    if (identities.size >= maxIdentities) identities.clear();
    identities.set(key, (known = JSON.parse(key) as Partial<ManagerIdentity>));
  }
  return known;
}

/** A manager as conflicts name it: `"kubectl-client-side-apply" using v1`. */
export function describeManager(key: string): string {
  const { manager = '', operation, apiVersion = '', subresource } = identityOf(key);
  const through = subresource ? ` with subresource ${JSON.stringify(subresource)}` : '';
  const version = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(manager)}${through}${version}`;
}

/** Reads `metadata.managedFields`. Throws, in upstream's words, for an entry that cannot be understood. */
export function readManagedFields(list: readonly ManagedFieldsEntry[] = []): Managed {
  if (list.length === 0) return nobody;
  const managers = new Map<string, Owned>();
  const times = new Map<string, string>();
  const entries = new Map<string, ManagedFieldsEntry>();
  for (const [at, entry] of list.entries()) {
    const { key, owned } = readEntry(entry, at);
    managers.set(key, owned);
    if (entry.time !== undefined) times.set(key, entry.time);
    entries.set(key, entry);
  }
  return { managers, times, entries };
}

interface ReadEntry {
  readonly key: string;
  readonly owned: Owned;
}

function readEntry(entry: ManagedFieldsEntry, at: number): ReadEntry {
  const { manager = '', operation, apiVersion = '', fieldsType = '', fieldsV1, subresource = '' } = entry;
  if (operation !== 'Apply' && operation !== 'Update') throw new Error('operation must be `Apply` or `Update`');
  if (apiVersion === '') throw new Error('apiVersion must not be empty');
  if (fieldsType === '') throw new Error(`missing fieldsType in managed fields entry ${at}`);
  if (fieldsType !== 'FieldsV1') {
    throw new Error(`invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${at}`);
  }
  const key = managerKey({ manager, operation, apiVersion, subresource });
  const set = fieldsV1 === undefined ? emptySet : parseFieldSet(fieldsV1);
  return { key, owned: { set, version: apiVersion, applied: operation === 'Apply' } };
}

/** Writes `metadata.managedFields`: appliers first, then by time; nothing where nobody owns anything. */
export function writeManagedFields({ managers, times, entries }: Managed): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  const list = [...managers].map(([key, owned]) => {
    const time = times.get(key);
    const before = entries.get(key);
    const isAsBefore =
      before !== undefined &&
      before.fieldsV1 === owned.set &&
      before.time === time &&
      before.apiVersion === owned.version &&
      before.operation === operationOf(owned);
    return isAsBefore ? before : entryOf(key, owned, time);
  });
  return list.sort(compareEntries);
}

function operationOf({ applied }: Owned): 'Apply' | 'Update' {
  return applied ? 'Apply' : 'Update';
}

function entryOf(key: string, owned: Owned, time: string | undefined): ManagedFieldsEntry {
  const { manager, subresource } = identityOf(key);
  const entry: ManagedFieldsEntry = {};
  if (manager) entry.manager = manager;
  entry.operation = operationOf(owned);
  entry.apiVersion = owned.version;
  if (time !== undefined) entry.time = time;
  entry.fieldsType = 'FieldsV1';
  entry.fieldsV1 = trustFieldSet(owned.set);
  if (subresource) entry.subresource = subresource;
  return entry;
}

function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  for (const field of ['operation', 'time', 'manager', 'apiVersion', 'subresource'] as const) {
    const [left, right] = [a[field] ?? '', b[field] ?? ''];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
