import { joinKey, notFound } from '#machinery';
import { cacheReaches, parseRevision } from './freshness.ts';
import type { Parts } from './parts.ts';
import type { RequestContext, Stored } from './rest.ts';

/** One object: the newest, or, with a resourceVersion, one that is at least that new. Throws NotFound. */
export async function get(
  parts: Parts,
  context: RequestContext,
  ns: string,
  name: string,
  resourceVersion?: string,
): Promise<Stored> {
  const revision = parseRevision(resourceVersion);
  const key = joinKey(ns, name);
  const isCached = revision !== undefined && (await cacheReaches(parts, revision, context.signal));
  const stored = isCached ? parts.cache.get(key) : await parts.storage.read(key);
  if (!stored) throw notFound(parts.resource, name);
  return stored;
}
