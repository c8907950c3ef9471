import type { Clock, Logger } from '#base';
import { Controller, type Client, type Informer, type TypedResource } from '#client';
import { hasFinalizer, isDeleting, isStatusError, keyOf, type KubeObject } from '#machinery';
import { copyWith } from '../objects.ts';

interface ProtectionOptions<T extends KubeObject> {
  name: string;
  resource: TypedResource<T>;
  finalizer: string;
  protected: Informer<T>;
  /** Other informers that `isUsed` reads. */
  waitFor?: readonly { readonly synced: Promise<void> }[];
  /** Whether the object is in use; asked of those alone that are to be deleted. */
  isUsed: (object: T) => Promise<boolean> | boolean;
  /** What else is done for those that stay. */
  tend?: (object: T) => Promise<void>;
  client: Client;
  clock: Clock;
  log: Logger;
}

/**
 * Holds objects back from their end while they are in use, by a finalizer. Admission gives it to new objects; those that
 * are older than that get it here. It goes when somebody wants the object gone, and nobody uses it any more.
 */
export function protectionController<T extends KubeObject>(options: ProtectionOptions<T>): Controller {
  const { name, resource, finalizer, isUsed, client, clock, log } = options;
  const { lister } = options.protected;
  const write = async (object: T, finalizers: string[]): Promise<void> => {
    const metadata = copyWith(object.metadata, { finalizers });
    try {
      await client.of(resource).update({ ...object, metadata });
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error; // gone: nothing to hold
    }
  };
  const controller = new Controller({
    name,
    waitFor: [options.protected, ...(options.waitFor ?? [])],
    clock,
    log,
    async reconcile(key) {
      const object = lister.get(key);
      if (!object) return;
      const finalizers = object.metadata.finalizers ?? [];
      const isHeld = hasFinalizer(object, finalizer);
      if (!isDeleting(object)) {
        if (!isHeld) await write(object, [...finalizers, finalizer]);
        await options.tend?.(object);
      } else if (isHeld && !(await isUsed(object))) {
        const others = finalizers.filter((one) => one !== finalizer);
        await write(object, others);
      }
    },
  });
  const look = (object: T): void => controller.queue.add(keyOf(object));
  options.protected.on({ added: look, updated: (_, object) => look(object) });
  return controller;
}
