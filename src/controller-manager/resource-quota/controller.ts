import type { Component } from '#base';
import { quotaEvaluatorOf, resourceQuotas, textsOf, type ResourceQuota } from '#api';
import { Controller, type Informer, type TypedResource } from '#client';
import { isDeleting, isStatusError, keyOf, namespaceOf, type KubeObject, type Resource } from '#machinery';
import type { ControllerContext } from '../context.ts';
import { copyWith, isSame } from '../objects.ts';
import { countUsage } from './count-usage.ts';

/** All quotas are counted again at this interval: what was charged and not written is given back. */
const recountMs = 5 * 60_000;
/** After a count was written it is looked at once more. */
const settleMs = 1_000;
/** Events come and go by the thousand, and nobody counts them. */
const uncounted = new Set(['/events', 'events.k8s.io/events']);

interface Counted {
  readonly resource: Resource;
  readonly informer: Informer<KubeObject>;
}

/**
 * Counts what is used of each quota, and writes it into its status (`pkg/controller/resourcequota`). What comes is charged
 * by admission; this one counts when a quota is new, when its limits change, and when something goes that it counts.
 */
export class ResourceQuotaController implements Component {
  readonly #context: ControllerContext;
  readonly #quotas: Informer<ResourceQuota>;
  readonly #counted: readonly Counted[];
  readonly #controller: Controller;

  constructor(context: ControllerContext, resources: () => readonly Resource[]) {
    const { informers, clock, log } = context;
    this.#context = context;
    this.#quotas = informers.of(resourceQuotas);
    this.#counted = resources()
      .filter(isCountable)
      .map((resource) => ({ resource, informer: informers.of(resource as TypedResource<KubeObject>) }));
    this.#controller = new Controller({
      name: 'resource-quota',
      waitFor: [this.#quotas, ...this.#counted.map(({ informer }) => informer)],
      clock,
      log,
      reconcile: (key) => this.#reconcile(key),
    });
    this.#followQuotas();
    for (const counted of this.#counted) this.#follow(counted);
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#controller.run(signal), this.#recount(signal)]);
  }

  #followQuotas(): void {
    const { queue } = this.#controller;
    this.#quotas.on({
      added: (quota) => queue.add(keyOf(quota)),
      // The status is what is written here.
      updated(old, quota) {
        if (!isSame(old.spec.hard, quota.spec.hard)) queue.add(keyOf(quota));
      },
    });
  }

  #follow({ resource, informer }: Counted): void {
    const evaluator = quotaEvaluatorOf(resource);
    const { clock } = this.#context;
    const look = (object: KubeObject): void => {
      for (const quota of this.#quotas.lister.inNamespace(namespaceOf(object))) {
        const limits = Object.keys(quota.spec.hard ?? {});
        if (limits.some((name) => evaluator.counts(name))) this.#controller.queue.add(keyOf(quota));
      }
    };
    informer.on({
      updated: (old, object) => {
        if (evaluator.freesSomething?.(old, object, clock.now())) look(object);
      },
      deleted: look,
    });
  }

  async #recount(signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    while (!signal.aborted) {
      await clock.sleep(recountMs, signal).catch(() => {}); // the loop looks at the signal
      for (const quota of this.#quotas.lister.list()) this.#controller.queue.add(keyOf(quota));
    }
  }

  async #reconcile(key: string): Promise<void> {
    const quota = this.#quotas.lister.get(key);
    if (!quota || isDeleting(quota)) return;
    const { client, clock } = this.#context;
    const namespace = namespaceOf(quota);
    const countables = this.#counted.map(({ resource, informer }) => ({
      resource,
      objects: () => informer.lister.inNamespace(namespace),
    }));
    const { hard = {} } = quota.spec;
    const status = { hard, used: textsOf(countUsage(quota, countables, clock.now())) };
    if (isSame(status, quota.status)) return;
    try {
      await client.of(resourceQuotas).updateStatus(copyWith(quota, { status }));
      // What was charged a moment ago may not have been there to be counted.
      this.#controller.queue.addAfter(key, settleMs);
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error; // gone meanwhile
    }
  }
}

function isCountable({ group, plural, namespaced, verbs }: Resource): boolean {
  const wanted = ['create', 'delete', 'list', 'watch'];
  return namespaced && wanted.every((verb) => verbs.includes(verb)) && !uncounted.has(`${group}/${plural}`);
}
