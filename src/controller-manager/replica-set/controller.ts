import type { Component } from '#base';
import { pods, type Pod } from '#api';
import { Controller, Expectations, isNamespaceTerminating, type Informer } from '#client';
import {
  controllerOf,
  isDeleting,
  isStatusError,
  keyOf,
  joinKey,
  nameOf,
  namespaceOf,
  ownerReferenceTo,
  uidOf,
} from '#machinery';
import { claim } from '../adoption.ts';
import type { ControllerContext } from '../context.ts';
import { isSame, isSameStatus } from '../objects.ts';
import { indexByController, isPodActive, isPodReady, owned, ownedOrOrphaned, readySinceMs } from '../pods.ts';
import { podsToDelete } from './deletion-order.ts';
import type { Replicated, ReplicatedKind } from './kind.ts';
import { createPod, deletePod, slowStart } from './pod-control.ts';
import { statusOf } from './status.ts';

/** At most so many pods are created or deleted at once for one set. */
const burst = 500;

type Failure = { kind: 'FailedCreate' | 'FailedDelete'; error: unknown } | undefined;

/** Keeps as many pods of a template as each object of one kind asks for (`pkg/controller/replicaset`). */
export class ReplicaSetController<S extends Replicated> implements Component {
  readonly #context: ControllerContext;
  readonly #kind: ReplicatedKind<S>;
  readonly #sets: Informer<S>;
  readonly #pods: Informer<Pod>;
  readonly #expectations: Expectations;
  readonly #controller: Controller;

  constructor(context: ControllerContext, kind: ReplicatedKind<S>) {
    this.#context = context;
    this.#kind = kind;
    this.#sets = context.informers.of(kind.resource);
    this.#pods = context.informers.of(pods);
    indexByController(this.#pods);
    indexByController(this.#sets);
    this.#expectations = new Expectations(context);
    this.#controller = new Controller({
      name: kind.name,
      reconcile: (key) => this.#reconcile(key),
      waitFor: [this.#sets, this.#pods],
      clock: context.clock,
      log: context.log,
    });
    const enqueue = (set: S): void => this.#controller.queue.add(keyOf(set));
    this.#sets.on({
      added: enqueue,
      updated: (_, set) => enqueue(set),
      deleted: (set) => {
        this.#expectations.forget(keyOf(set));
        enqueue(set);
      },
    });
    this.#pods.on({
      added: (pod) => this.#podAdded(pod),
      updated: (before, pod) => this.#podUpdated(before, pod),
      deleted: (pod) => this.#podDeleted(pod),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#controller.run(signal);
  }

  #podAdded(pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) {
      // We started anew and the pod was already on its way out.
      this.#podDeleted(pod);
      return;
    }
    const set = this.#ownerOf(pod);
    if (set) this.#expectations.creationObserved(keyOf(set));
    this.#enqueueOwnerOrCandidates(pod, set);
  }

  #podUpdated(before: Pod, pod: Pod): void {
    const formerOwner = this.#ownerOf(before);
    const set = this.#ownerOf(pod);
    if (formerOwner && formerOwner !== set) this.#controller.queue.add(keyOf(formerOwner));
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#podDeleted(pod);
      return;
    }
    if (set || !isSame(before.metadata.labels, pod.metadata.labels) || formerOwner) {
      this.#enqueueOwnerOrCandidates(pod, set);
    }
    const minReadySeconds = set?.spec.minReadySeconds ?? 0;
    if (set && minReadySeconds > 0 && !isPodReady(before) && isPodReady(pod)) {
      // Availability comes with time alone, no news will tell. The second is for clocks that differ.
      this.#controller.queue.addAfter(keyOf(set), (minReadySeconds + 1) * 1000);
    }
  }

  #podDeleted(pod: Pod): void {
    const set = this.#ownerOf(pod);
    if (!set) return;
    this.#expectations.deletionObserved(keyOf(set), uidOf(pod));
    this.#controller.queue.add(keyOf(set));
  }

  #enqueueOwnerOrCandidates(pod: Pod, set: S | undefined): void {
    if (set) this.#controller.queue.add(keyOf(set));
    if (controllerOf(pod)) return;
    for (const candidate of this.#sets.lister.inNamespace(namespaceOf(pod))) {
      if (this.#kind.selectorOf(candidate).matches(pod.metadata.labels)) this.#controller.queue.add(keyOf(candidate));
    }
  }

  #ownerOf(pod: Pod): S | undefined {
    const reference = controllerOf(pod);
    if (reference?.kind !== this.#kind.resource.kindName) return undefined;
    const set = this.#sets.lister.get(joinKey(namespaceOf(pod), reference.name));
    return set && uidOf(set) === reference.uid ? set : undefined;
  }

  async #reconcile(key: string): Promise<void> {
    const set = this.#sets.lister.get(key);
    if (!set) {
      this.#expectations.forget(key);
      return;
    }
    const mayManage = this.#expectations.satisfied(key);
    const claimed = await this.#claim(set);
    const active = claimed.filter(isPodActive);
    const failure = mayManage && !set.metadata.deletionTimestamp ? await this.#manage(key, set, active) : undefined;
    const terminating = this.#kind.countsTerminating ? claimed.filter(isDeleting) : undefined;
    const status = statusOf({ set, active, terminating, failure, clock: this.#context.clock });
    await this.#writeStatus(set, status);
    if (failure) throw failure.error;
    this.#comeBackForAvailability(key, set, active, status);
  }

  #claim(set: S): Promise<Pod[]> {
    const { client } = this.#context;
    const live = client.of(this.#kind.resource).in(namespaceOf(set));
    return claim({
      owner: set,
      reference: ownerReferenceTo(set, this.#kind.resource),
      candidates: ownedOrOrphaned(this.#pods, set).filter(
        (pod) => isPodActive(pod) || controllerOf(pod)?.uid === uidOf(set),
      ),
      selector: this.#kind.selectorOf(set),
      calls: client.of(pods),
      readOwner: () => live.get(nameOf(set)),
    });
  }

  /** Creates what lacks or deletes what is too much; returns what failed. */
  async #manage(key: string, set: S, active: readonly Pod[]): Promise<Failure> {
    const excess = active.length - (set.spec.replicas ?? 1);
    if (excess < 0) return this.#create(key, set, Math.min(-excess, burst));
    if (excess > 0) return this.#delete(key, set, active, Math.min(excess, burst));
    return undefined;
  }

  async #create(key: string, set: S, count: number): Promise<Failure> {
    this.#expectations.expectCreations(key, count);
    const { succeeded, error } = await slowStart(count, () => createPod(set, this.#kind.resource, this.#context));
    // What was not created will never be seen.
    this.#expectations.creationObserved(key, count - succeeded);
    return error === undefined || isNamespaceTerminating(error) ? undefined : { kind: 'FailedCreate', error };
  }

  async #delete(key: string, set: S, active: readonly Pod[], count: number): Promise<Failure> {
    const doomed = podsToDelete(active, this.#relatedPods(set), count, this.#context.clock.now());
    this.#expectations.expectDeletions(key, doomed.map(uidOf));
    const results = await Promise.allSettled(
      doomed.map(async (pod) => {
        try {
          await deletePod(set, pod, this.#context);
        } catch (error) {
          this.#expectations.deletionObserved(key, uidOf(pod));
          if (!isStatusError(error, 'NotFound')) throw error;
        }
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    return failed && { kind: 'FailedDelete', error: failed.reason };
  }

  /** The active pods of all sets that belong to the same owner, or only the set's own. */
  #relatedPods(set: S): Pod[] {
    const owner = controllerOf(set);
    const siblings = owner ? owned(this.#sets, owner.uid) : [set];
    return siblings.flatMap((sibling) => owned(this.#pods, uidOf(sibling)).filter(isPodActive));
  }

  async #writeStatus(set: S, status: S['status']): Promise<void> {
    if (isSameStatus(set.status, status)) return;
    try {
      await this.#context.client.of(this.#kind.resource).updateStatus({ ...set, status });
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
    }
  }

  /** Pods that are ready and not yet available become so without any news. */
  #comeBackForAvailability(key: string, set: S, active: readonly Pod[], status: S['status']): void {
    const { minReadySeconds = 0, replicas = 1 } = set.spec;
    if (minReadySeconds === 0 || (status.readyReplicas ?? 0) !== replicas || status.availableReplicas === replicas)
      return;
    const nowMs = this.#context.clock.now();
    const waits = active
      .map((pod) => (readySinceMs(pod) ?? Infinity) + minReadySeconds * 1000 - nowMs)
      .filter((waitMs) => waitMs > 0);
    if (waits.length > 0) this.#controller.queue.addAfter(key, Math.min(...waits));
  }
}
