import { unite } from './field-set.ts';
import { managerKey, type Managed } from './managed-fields.ts';

const maxUpdaters = 10;

/**
 * Keeps the number of those who update small: where there are more, the oldest become one, `ancient-changes`, for each
 * version (`managedfields/internal/capmanagers.go`). Appliers are kept.
 */
export function capManagers(managed: Managed): Managed {
  if (managed.managers.size <= maxUpdaters) return managed;
  const updaters = [...managed.managers].filter(([, { applied }]) => !applied).map(([key]) => key);
  if (updaters.length <= maxUpdaters) return managed;
  const timeOf = (key: string): string => managed.times.get(key) ?? '';
  updaters.sort((a, b) => ([timeOf(a), a] < [timeOf(b), b] ? -1 : 1));
  const managers = new Map(managed.managers);
  const times = new Map(managed.times);
  const firstOf = new Map<string, string>();
  let left = updaters.length;
  for (const key of updaters) {
    if (left <= maxUpdaters) break;
    const owned = managers.get(key);
    if (!owned) continue;
    const { version } = owned;
    const first = firstOf.get(version);
    if (first === undefined) {
      firstOf.set(version, key);
      continue;
    }
    const bucket = managerKey({
      manager: 'ancient-changes',
      operation: 'Update',
      apiVersion: version,
      subresource: '',
    });
    const ancient = managers.get(bucket) ?? managers.get(first);
    if (!managers.has(bucket)) managers.delete(first);
    managers.set(bucket, { ...owned, set: ancient ? unite(owned.set, ancient.set) : owned.set });
    managers.delete(key);
    left -= 1;
    const time = managed.times.get(key);
    if (time === undefined) times.delete(bucket);
    else times.set(bucket, time);
  }
  return { ...managed, managers, times };
}
