import { isStatusError } from '#machinery';
import { deleteObject } from './delete.ts';
import { list } from './list.ts';
import type { Parts } from './parts.ts';
import type { DeleteOptions, ListOptions, ListResult, RequestContext, Stored } from './rest.ts';

/** Deletions under way at once: enough to share a flush of the store. */
const batchSize = 64;

/** Deletes everything that a list shows; returns the last states. Not atomic, as upstream. */
export async function deleteCollection(
  parts: Parts,
  context: RequestContext,
  ns: string,
  selection: ListOptions,
  options: DeleteOptions,
): Promise<ListResult> {
  const found = await list(parts, context, ns, selection);
  const items: Stored[] = [];
  for (let at = 0; at < found.items.length; at += batchSize) {
    const batch = found.items.slice(at, at + batchSize);
    const deleted = await Promise.all(batch.map((one) => deleteIfThere(parts, context, one, options)));
    items.push(...deleted.filter((one) => one !== undefined));
  }
  return { ...found, items };
}

async function deleteIfThere(
  parts: Parts,
  context: RequestContext,
  { object: { metadata } }: Stored,
  options: DeleteOptions,
): Promise<Stored | undefined> {
  try {
    const { namespace = '', name = '' } = metadata;
    return (await deleteObject(parts, context, namespace, name, options)).stored;
  } catch (error) {
    if (isStatusError(error, 'NotFound')) return undefined;
    throw error;
  }
}
