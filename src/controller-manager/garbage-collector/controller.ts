import type { Component } from '#base';
import { Controller, type Informer, type TypedResource } from '#client';
import {
  hasFinalizer,
  isDeleting,
  isStatusError,
  uidOf,
  type KubeObject,
  type OwnerReference,
  type Resource,
} from '#machinery';
import type { ControllerContext } from '../context.ts';
import { AbsentOwners } from './absent-owners.ts';
import {
  foregroundFinalizer,
  orphanFinalizer,
  OwnerGraph,
  type Consequences,
  type Identity,
  type Node,
} from './graph.ts';
import { AnyResource } from './resources.ts';

/** Events come and go by the thousand and own nothing. */
const ignored = new Set(['/events', 'events.k8s.io/events']);

/** How the owners of an object are. */
interface Owners {
  solid: OwnerReference[];
  /** Gone. */
  dangling: OwnerReference[];
  /** In foreground deletion: they wait for this object to go. */
  waiting: OwnerReference[];
}

/**
 * Deletes what nobody owns any more, and carries out foreground and orphaning deletion (`pkg/controller/garbagecollector`).
 * Before anything is deleted both the object and its owners are read from the server: the graph only says where to look.
 */
export class GarbageCollector implements Component {
  readonly #graph = new OwnerGraph();
  readonly #absent = new AbsentOwners();
  readonly #any: AnyResource;
  readonly #examining: Controller;
  readonly #orphaning: Controller;

  constructor(context: ControllerContext, resources: () => readonly Resource[]) {
    const { client, informers, clock, log } = context;
    this.#any = new AnyResource(client, resources);
    const watched = resources()
      .filter(isWatchable)
      .map((resource) => informers.of(resource as TypedResource<KubeObject>));
    for (const informer of watched) this.#follow(informer);
    const common = { waitFor: watched, workers: 20, clock, log };
    const examine = (uid: string): Promise<void> => this.#examine(uid);
    this.#examining = new Controller({ ...common, name: 'garbage-collector', reconcile: examine });
    const orphan = (uid: string): Promise<void> => this.#orphanDependents(uid);
    this.#orphaning = new Controller({ ...common, name: 'garbage-collector-orphans', reconcile: orphan });
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#examining.run(signal), this.#orphaning.run(signal)]);
  }

  #follow(informer: Informer<KubeObject>): void {
    informer.on({
      added: (object) => this.#enqueue(this.#graph.observe(object)),
      updated: (_, object) => this.#enqueue(this.#graph.observe(object)),
      deleted: (object) => this.#gone(uidOf(object)),
    });
  }

  #gone(uid: string): void {
    if (this.#graph.get(uid)?.dependents.size) this.#absent.add(uid);
    this.#enqueue(this.#graph.forget(uid));
  }

  #enqueue({ examine, orphan }: Consequences): void {
    for (const { identity } of examine) this.#examining.queue.add(identity.uid);
    for (const { identity } of orphan) this.#orphaning.queue.add(identity.uid);
  }

  async #examine(uid: string): Promise<void> {
    const node = this.#graph.get(uid);
    if (!node || (node.deleting && !node.awaitsDependents)) return;
    const object = await this.#any.read(node.identity);
    if (!object) {
      this.#gone(uid);
      return;
    }
    if (node.virtual) this.#enqueue(this.#graph.observe(object));
    if (node.awaitsDependents) return this.#continueForeground(node, object);
    const references = object.metadata.ownerReferences ?? [];
    if (references.length === 0 || isDeleting(object)) return;
    const owners = await this.#classify(references, node.identity.namespace);
    if (owners.solid.length > 0) await this.#dropReferences(node, object, [...owners.dangling, ...owners.waiting]);
    else if (owners.waiting.length > 0 && node.dependents.size > 0) await this.#deleteInForeground(node, object);
    else if (owners.dangling.length + owners.waiting.length > 0) await this.#delete(node.identity, policyOf(object));
  }

  async #classify(references: readonly OwnerReference[], namespace: string): Promise<Owners> {
    const owners: Owners = { solid: [], dangling: [], waiting: [] };
    for (const reference of references) {
      const owner = this.#absent.has(reference.uid) ? undefined : await this.#any.readOwner(reference, namespace);
      if (!owner) {
        this.#absent.add(reference.uid);
        owners.dangling.push(reference);
      } else if (isDeleting(owner) && hasFinalizer(owner, foregroundFinalizer)) owners.waiting.push(reference);
      else owners.solid.push(reference);
    }
    return owners;
  }

  /** An owner is left that wants the object: the others let go of it. */
  async #dropReferences(node: Node, object: KubeObject, dropped: readonly OwnerReference[]): Promise<void> {
    if (dropped.length === 0) return;
    const kept = object.metadata.ownerReferences?.filter((one) => !dropped.includes(one)) ?? [];
    await this.#patch(node.identity, object, { ownerReferences: kept });
  }

  /** The object's owner waits for it, and others wait for the object: they go first. */
  async #deleteInForeground(node: Node, object: KubeObject): Promise<void> {
    if ([...node.dependents].some((dependent) => dependent.awaitsDependents)) {
      // A circle would wait for itself for ever: this link of it no longer holds its owner back.
      const references = object.metadata.ownerReferences ?? [];
      const freed = references.map((one) => ({ ...one, blockOwnerDeletion: false }));
      if (references.some((one) => one.blockOwnerDeletion)) {
        await this.#patch(node.identity, object, { ownerReferences: freed });
      }
    }
    await this.#delete(node.identity, 'Foreground');
  }

  /** In foreground deletion the object goes when nothing that blocks it depends on it any more. */
  async #continueForeground(node: Node, object: KubeObject): Promise<void> {
    const blocking = [...node.dependents].filter((dependent) => blocks(dependent, node.identity.uid));
    if (blocking.length === 0) {
      await this.#removeFinalizer(node.identity, object, foregroundFinalizer);
      return;
    }
    for (const dependent of blocking) {
      if (!dependent.awaitsDependents) this.#examining.queue.add(dependent.identity.uid);
    }
  }

  async #orphanDependents(uid: string): Promise<void> {
    const node = this.#graph.get(uid);
    const object = node && (await this.#any.read(node.identity));
    if (!node || !object || !isDeleting(object) || !hasFinalizer(object, orphanFinalizer)) return;
    for (const { identity } of node.dependents) {
      const dependent = await this.#any.read(identity);
      const kept = dependent?.metadata.ownerReferences?.filter((one) => one.uid !== uid);
      if (dependent && kept) await this.#patch(identity, dependent, { ownerReferences: kept });
    }
    await this.#removeFinalizer(node.identity, object, orphanFinalizer);
  }

  async #removeFinalizer(identity: Identity, object: KubeObject, finalizer: string): Promise<void> {
    if (!hasFinalizer(object, finalizer)) return;
    await this.#patch(identity, object, { finalizers: object.metadata.finalizers?.filter((one) => one !== finalizer) });
  }

  /** Changes the object's metadata if it still is as it was read; when it is gone, so is the need. */
  async #patch(identity: Identity, object: KubeObject, changes: object): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    try {
      await this.#any.callsFor(identity)?.patch(identity.name, { metadata: { uid, resourceVersion, ...changes } });
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
    }
  }

  async #delete(identity: Identity, propagationPolicy: 'Foreground' | 'Background' | 'Orphan'): Promise<void> {
    const preconditions = { uid: identity.uid };
    try {
      await this.#any.callsFor(identity)?.delete(identity.name, { preconditions, propagationPolicy });
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
    }
  }
}

function isWatchable({ group, plural, verbs }: Resource): boolean {
  return !ignored.has(`${group}/${plural}`) && ['delete', 'list', 'watch'].every((verb) => verbs.includes(verb));
}

function blocks(dependent: Node, ownerUid: string): boolean {
  return dependent.owners.some(({ uid, blockOwnerDeletion }) => uid === ownerUid && blockOwnerDeletion === true);
}

/** An earlier wish about the object's own dependents is kept. */
function policyOf(object: KubeObject): 'Foreground' | 'Background' | 'Orphan' {
  if (hasFinalizer(object, orphanFinalizer)) return 'Orphan';
  return hasFinalizer(object, foregroundFinalizer) ? 'Foreground' : 'Background';
}
