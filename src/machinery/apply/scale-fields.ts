import type { ManagedFieldsEntry } from '../schema/resource.ts';
import { hasPath, isEmptySet, setOf, subtract } from './field-set.ts';
import { managerKey, readManagedFields, writeManagedFields, type ManagerIdentity } from './managed-fields.ts';
import type { PathElement } from './path-element.ts';
import type { Owned } from './updater.ts';

const scaleVersion = 'autoscaling/v1';
const inScale: readonly PathElement[] = ['f:spec', 'f:replicas'];

/** Where a resource that can be scaled has its replicas. */
export interface ScaledFrom {
  readonly apiVersion: string;
  readonly replicas: readonly PathElement[];
}

/** Who owns the replicas of an object, as the managed fields of its Scale (`managedfields/scalehandler.go`). */
export function scaleFieldsOf(
  entries: readonly ManagedFieldsEntry[] | undefined,
  { apiVersion, replicas }: ScaledFrom,
): ManagedFieldsEntry[] | undefined {
  const { managers, times } = readManagedFields(entries);
  const scaled = new Map<string, Owned>();
  const since = new Map<string, string>();
  for (const [key, owned] of managers) {
    if (owned.version !== apiVersion || !hasPath(owned.set, replicas)) continue;
    const mapped = inVersion(key, scaleVersion);
    scaled.set(mapped, { ...owned, set: setOf(inScale), version: scaleVersion });
    const time = times.get(key);
    if (time !== undefined) since.set(mapped, time);
  }
  return writeManagedFields({ managers: scaled, times: since, entries: new Map() });
}

/**
 * The managed fields of an object whose Scale was written: who owns the Scale's replicas owns the object's, and nobody
 * else does. As upstream, without a time where that changed.
 */
export function fieldsAfterScale(
  entries: readonly ManagedFieldsEntry[] | undefined,
  scaleEntries: readonly ManagedFieldsEntry[] | undefined,
  { apiVersion, replicas }: ScaledFrom,
): ManagedFieldsEntry[] | undefined {
  const parent = readManagedFields(entries);
  const scalers = new Map(readManagedFields(scaleEntries).managers);
  const managers = new Map<string, Owned>();
  for (const [key, owned] of parent.managers) {
    // Nobody could tell where its replicas are.
    if (owned.version !== apiVersion) continue;
    const isTaken = hasPath(owned.set, replicas) && !scalers.delete(inVersion(key, scaleVersion));
    const set = isTaken ? subtract(owned.set, setOf(replicas)) : owned.set;
    if (!isEmptySet(set)) managers.set(key, { ...owned, set });
  }
  for (const [key, owned] of scalers) {
    if (!hasPath(owned.set, inScale)) continue;
    managers.set(inVersion(key, apiVersion), { ...owned, set: setOf(replicas), version: apiVersion });
  }
  return writeManagedFields({ ...parent, managers });
}

/** The key of the same manager, who writes in another version. */
function inVersion(key: string, apiVersion: string): string {
  const { manager = '', operation = 'Update', subresource = '' } = JSON.parse(key) as Partial<ManagerIdentity>;
  return managerKey({ manager, operation, apiVersion, subresource });
}
