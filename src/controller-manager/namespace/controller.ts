import type { Component } from '#base';
import { namespaces, pods, type Namespace, type Pod } from '#api';
import { Controller, type Informer } from '#client';
import { isStatusError, nameOf, namespaceOf, uidOf, type Resource } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { copyWith, isSame } from '../objects.ts';
import { conditionsOf } from './conditions.ts';
import { deleteContent, type Remaining } from './content.ts';

const finalizer = 'kubernetes';

/** Objects made in a namespace just before its end may still be on their way into the store. */
const settleMs = 5000;

/** Empties a namespace that was deleted, and lets go of it when nothing is left (`pkg/controller/namespace`). */
export class NamespaceController implements Component {
  readonly #context: ControllerContext;
  readonly #resources: () => readonly Resource[];
  readonly #namespaces: Informer<Namespace>;
  readonly #pods: Informer<Pod>;
  readonly #controller: Controller;

  constructor(context: ControllerContext, resources: () => readonly Resource[]) {
    this.#context = context;
    this.#resources = resources;
    this.#namespaces = context.informers.of(namespaces);
    this.#pods = context.informers.of(pods);
    this.#controller = new Controller({
      name: 'namespace',
      workers: 10,
      reconcile: (key) => this.#reconcile(key),
      waitFor: [this.#namespaces],
      clock: context.clock,
      log: context.log,
    });
    const enqueueEnding = (namespace: Namespace): void => {
      if (namespace.metadata.deletionTimestamp) this.#controller.queue.add(nameOf(namespace));
    };
    this.#namespaces.on({ added: enqueueEnding, updated: (_, after) => enqueueEnding(after) });
    this.#pods.on({ deleted: (pod) => this.#podGone(pod) });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#controller.run(signal);
  }

  /** The last pod is what the rest of a namespace waits for; upstream would look again only after half its grace period. */
  #podGone(pod: Pod): void {
    const namespace = this.#namespaces.lister.get(namespaceOf(pod));
    if (!namespace?.metadata.deletionTimestamp) return;
    if (this.#pods.lister.inNamespace(nameOf(namespace)).length === 0) this.#controller.queue.add(nameOf(namespace));
  }

  async #reconcile(name: string): Promise<void> {
    const namespace = await this.#read(name);
    if (!namespace?.metadata.deletionTimestamp || !namespace.spec.finalizers?.includes(finalizer)) return;
    const ending = await this.#markTerminating(namespace);
    const remaining = await deleteContent(this.#context.client, this.#resources(), name);
    const told = await this.#writeConditions(ending, remaining);
    if (remaining.failures.length > 0)
      throw new Error(`cannot empty namespace ${name}: ${remaining.failures.join('; ')}`);
    if (remaining.counts.size === 0) await this.#finalize(told);
    else this.#controller.queue.addAfter(name, remaining.graceMs > 0 ? remaining.graceMs / 2 + 1000 : settleMs);
  }

  /** From the server: what the lister says may be about another namespace of that name. */
  async #read(name: string): Promise<Namespace | undefined> {
    try {
      return await this.#context.client.of(namespaces).get(name);
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async #markTerminating(namespace: Namespace): Promise<Namespace> {
    if (namespace.status.phase === 'Terminating') return namespace;
    const status = copyWith(namespace.status, { phase: 'Terminating' });
    return this.#context.client.of(namespaces).updateStatus(copyWith(namespace, { status }));
  }

  async #writeConditions(namespace: Namespace, remaining: Remaining): Promise<Namespace> {
    const conditions = conditionsOf(namespace, remaining, this.#context.clock);
    if (isSame(conditions, namespace.status.conditions)) return namespace;
    const status = copyWith(namespace.status, { conditions });
    return this.#context.client.of(namespaces).updateStatus(copyWith(namespace, { status }));
  }

  async #finalize(namespace: Namespace): Promise<void> {
    const finalizers = namespace.spec.finalizers?.filter((one) => one !== finalizer) ?? [];
    const released = copyWith(namespace, { spec: copyWith(namespace.spec, { finalizers }) });
    try {
      await this.#context.client.of(namespaces).subresource('finalize').update(nameOf(namespace), released);
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
    }
    this.#context.log.debug({ namespace: nameOf(namespace), uid: uidOf(namespace) }, 'namespace is empty');
  }
}
