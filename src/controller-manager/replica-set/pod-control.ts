import { messageOf } from '#base';
import { pods, type Pod } from '#api';
import { isNamespaceTerminating } from '#client';
import { isStatusError, nameOf, namespaceOf, ownerReferenceTo, uidOf, type Resource } from '#machinery';
import type { ControllerContext } from '../context.ts';
import type { Replicated } from './kind.ts';

/** Makes one pod of the set's template, and tells so. Throws `StatusError`. */
export async function createPod<S extends Replicated>(
  set: S,
  resource: Resource<S>,
  { client, events }: ControllerContext,
): Promise<void> {
  const { metadata, spec } = set.spec.template ?? {};
  try {
    const pod = await client.of(pods).create({
      metadata: {
        generateName: `${nameOf(set)}-`,
        namespace: namespaceOf(set),
        labels: metadata?.labels,
        annotations: metadata?.annotations,
        finalizers: metadata?.finalizers,
        ownerReferences: [ownerReferenceTo(set, resource)],
      },
      spec,
    });
    events.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${nameOf(pod)}`);
  } catch (error) {
    if (!isNamespaceTerminating(error)) {
      events.event(set, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
    }
    throw error;
  }
}

/** Deletes one pod of the set, and tells so. A pod that is gone already is no failure. */
export async function deletePod(set: Replicated, pod: Pod, context: ControllerContext): Promise<void> {
  const { client, events } = context;
  try {
    const preconditions = { uid: uidOf(pod) };
    await client.of(pods).in(namespaceOf(pod)).delete(nameOf(pod), { preconditions });
    events.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${nameOf(pod)}`);
  } catch (error) {
    if (isStatusError(error, 'NotFound', 'Conflict')) throw error;
    events.event(set, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`);
    throw error;
  }
}

/**
 * Runs `work` `count` times in batches of 1, 2, 4, ...: if something refuses all of them, it is asked once and not 500
 * times. Stops after the batch in which something failed; returns how many went well, and the first failure.
 */
export async function slowStart(
  count: number,
  work: () => Promise<void>,
): Promise<{ succeeded: number; error: unknown }> {
  let succeeded = 0;
  for (let batch = Math.min(count, 1); batch > 0; batch = Math.min(2 * batch, count - succeeded)) {
    const results = await Promise.allSettled(Array.from({ length: batch }, work));
    succeeded += results.filter(({ status }) => status === 'fulfilled').length;
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) return { succeeded, error: failed.reason };
  }
  return { succeeded, error: undefined };
}
