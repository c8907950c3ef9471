import { joinKey, notFound } from '#machinery';
import { parseRevision, waitForRevision } from './freshness.ts';
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
  if (revision !== undefined) await waitForRevision(parts, revision, context.signal);
  const stored = revision === undefined ? await parts.storage.read(key) : parts.cache.get(key);
  if (!stored) throw notFound(parts.resource, name);
  return stored;
}
