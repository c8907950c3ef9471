import { isStatusError } from '#machinery';
import { deleteObject } from './delete.ts';
import { warnOfOrphans } from './finalizers.ts';
import { list } from './list.ts';
import type { Parts } from './parts.ts';
import type { DeleteOptions, ListOptions, ListResult, RequestContext, Stored } from './rest.ts';

/** Deletions under way at once: enough to share a flush of the store. */
const batchSize = 64;

/** Deletes everything that a list shows; returns what it showed. Not atomic, as upstream (`Store.DeleteCollection`). */
export async function deleteCollection(
  parts: Parts,
  context: RequestContext,
  ns: string,
  selection: ListOptions,
  options: DeleteOptions,
): Promise<ListResult> {
  warnOfOrphans(parts.strategy, context, options);
  const found = await list(parts, context, ns, selection);
  for (let at = 0; at < found.items.length; at += batchSize) {
    const batch = found.items.slice(at, at + batchSize);
    await Promise.all(batch.map((one) => deleteIfThere(parts, context, one, options)));
  }
  return found;
}

async function deleteIfThere(
  parts: Parts,
  context: RequestContext,
  { object: { metadata } }: Stored,
  options: DeleteOptions,
): Promise<void> {
  try {
    const { namespace = '', name = '' } = metadata;
    await deleteObject(parts, context, namespace, name, options);
  } catch (error) {
    if (!isStatusError(error, 'NotFound')) throw error;
  }
}
