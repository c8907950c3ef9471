/**
 * The watch cache: each resource once in memory, shared by all who read.
 *
 * One watch of the store comes in. Every change becomes one `CacheEvent`, goes into the tree of objects and into a short
 * history, and is pushed to the watchers whose scope and selector it touches; none of them can hold up another. Out go
 * snapshots (copies of the tree that cost nothing until it changes) for lists, and watchers for watches.
 */
export { WatchCache, type CacheOptions } from './cache.ts';
export { CacheEvent, type Matches } from './cache-event.ts';
export { OwnWrite } from './own-writes.ts';
export { inScope, prefixEnd, type Scope } from './scope.ts';
export { ObjectTree, type Snapshot } from './snapshot.ts';
export { bookmarkAt, encodeValue, StoredObject } from './stored.ts';
export type { Watcher } from './watcher.ts';
