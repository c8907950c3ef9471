import type { Client, TypedResource } from '#client';
import { isStatusError, type KubeObject, type Resource } from '#machinery';

/** What of a namespace's content is still there after a round of deletion. */
export interface Remaining {
  /** `pods.` or `deployments.apps`: how messages name the resource; the number of objects. */
  counts: Map<string, number>;
  /** Finalizers that hold objects, and how many each. */
  finalizers: Map<string, number>;
  /** How long the longest grace period lasts that an object is given, in milliseconds. */
  graceMs: number;
  /** What could not be deleted, and why. */
  failures: string[];
}

/**
 * Deletes all that is in a namespace and tells what remains. Pods go before everything else, so that nothing they use is
 * pulled away from under them (`OrderedNamespaceDeletion`).
 */
export async function deleteContent(
  client: Client,
  resources: readonly Resource[],
  namespace: string,
): Promise<Remaining> {
  const remaining: Remaining = { counts: new Map(), finalizers: new Map(), graceMs: 0, failures: [] };
  const deletable = resources.filter(
    ({ namespaced, verbs }) => namespaced && verbs.includes('delete') && verbs.includes('list'),
  );
  const isPods = ({ group, plural }: Resource): boolean => group === '' && plural === 'pods';
  for (const resource of deletable.filter(isPods)) await deleteAll(client, resource, namespace, remaining);
  if (remaining.counts.size > 0 || remaining.failures.length > 0) return remaining;
  for (const resource of deletable.filter((one) => !isPods(one)))
    await deleteAll(client, resource, namespace, remaining);
  return remaining;
}

async function deleteAll(client: Client, resource: Resource, namespace: string, remaining: Remaining): Promise<void> {
  // What matters of the objects here is what all kinds have.
  const calls = client.of<KubeObject>(resource as TypedResource<KubeObject>).in(namespace);
  try {
    const { items } = await calls.list();
    if (items.length === 0) return;
    if (resource.verbs.includes('deletecollection')) await calls.deleteCollection({ propagationPolicy: 'Background' });
    else for (const { metadata } of items) await calls.delete(metadata.name ?? '', { propagationPolicy: 'Background' });
    count(resource, (await calls.list()).items, remaining);
  } catch (error) {
    if (isStatusError(error, 'NotFound', 'MethodNotAllowed')) return;
    remaining.failures.push(`${resource.plural}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function count(resource: Resource, left: readonly KubeObject[], remaining: Remaining): void {
  if (left.length > 0) remaining.counts.set(`${resource.plural}.${resource.group}`, left.length);
  for (const { metadata } of left) {
    const graceMs = (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
    remaining.graceMs = Math.max(remaining.graceMs, graceMs);
    for (const finalizer of metadata.finalizers ?? []) {
      remaining.finalizers.set(finalizer, (remaining.finalizers.get(finalizer) ?? 0) + 1);
    }
  }
}
