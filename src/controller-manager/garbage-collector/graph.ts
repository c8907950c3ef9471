import type { KubeObject, OwnerReference } from '#machinery';
import { hasFinalizer, isDeleting, nameOf, namespaceOf, uidOf } from '#machinery';
import { isSame } from '../objects.ts';

/** Where an object is to be found. */
export interface Identity {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string;
}

/** One object and how it hangs together with others. */
export interface Node {
  identity: Identity;
  owners: readonly OwnerReference[];
  readonly dependents: Set<Node>;
  deleting: boolean;
  /** Foreground deletion: it goes when those that depend on it have gone. */
  awaitsDependents: boolean;
  /** Known only from a reference: whether it exists must still be found out. */
  virtual: boolean;
}

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

/** What the news about an object calls for. */
export interface Consequences {
  /** May have to be deleted, or let go of. */
  examine: Node[];
  /** Its dependents are to be set free. */
  orphan: Node[];
}

/**
 * Who owns whom, by uid, over all resources; kept up to date by what informers tell (`graph_builder.go`). Each piece of
 * news yields the nodes that somebody must look at, and nothing else is ever scanned.
 */
export class OwnerGraph {
  readonly #nodes = new Map<string, Node>();

  get(uid: string): Node | undefined {
    return this.#nodes.get(uid);
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** An object appeared or changed. */
  observe(object: KubeObject): Consequences {
    const node = this.#nodes.get(uidOf(object));
    return node ? this.#changed(node, object) : this.#appeared(object);
  }

  /** An object is gone: who depended on it is to be looked at, and owners that waited for it. */
  forget(uid: string): Consequences {
    const node = this.#nodes.get(uid);
    if (!node) return { examine: [], orphan: [] };
    this.#nodes.delete(uid);
    const waiting = this.#unlink(node, node.owners).filter((owner) => owner.awaitsDependents);
    return { examine: [...node.dependents, ...waiting], orphan: [] };
  }

  #appeared(object: KubeObject): Consequences {
    const node: Node = {
      identity: identityOf(object),
      owners: object.metadata.ownerReferences ?? [],
      dependents: new Set(),
      deleting: false,
      awaitsDependents: false,
      virtual: false,
    };
    this.#nodes.set(node.identity.uid, node);
    const consequences: Consequences = { examine: this.#link(node, node.owners), orphan: [] };
    this.#beginEnding(node, object, consequences);
    return consequences;
  }

  #changed(node: Node, object: KubeObject): Consequences {
    const consequences: Consequences = { examine: [], orphan: [] };
    if (node.virtual) {
      node.virtual = false;
      node.identity = identityOf(object);
    }
    const before = node.owners;
    node.owners = object.metadata.ownerReferences ?? [];
    if (!isSame(before, node.owners)) {
      const has = (list: readonly OwnerReference[], uid: string): boolean => list.some((one) => one.uid === uid);
      const removed = before.filter(({ uid }) => !has(node.owners, uid));
      // An owner that this object no longer holds back may be free to go.
      consequences.examine.push(...before.flatMap(({ uid }) => this.#waiting(uid)));
      this.#unlink(node, removed);
      consequences.examine.push(
        ...this.#link(
          node,
          node.owners.filter(({ uid }) => !has(before, uid)),
        ),
      );
      consequences.examine.push(node);
    }
    this.#beginEnding(node, object, consequences);
    return consequences;
  }

  #waiting(uid: string): Node[] {
    const node = this.#nodes.get(uid);
    return node?.awaitsDependents ? [node] : [];
  }

  /** Sees that an object's end begins, or that the way it ends was changed. */
  #beginEnding(node: Node, object: KubeObject, { examine, orphan }: Consequences): void {
    node.deleting = isDeleting(object);
    if (node.deleting && hasFinalizer(object, orphanFinalizer)) orphan.push(node);
    const awaits = node.deleting && hasFinalizer(object, foregroundFinalizer);
    if (awaits && !node.awaitsDependents) {
      node.awaitsDependents = true;
      examine.push(...node.dependents, node);
    } else if (!awaits) node.awaitsDependents = false;
  }

  /** Hangs the node below its owners; returns those that nobody has seen, which are to be verified. */
  #link(node: Node, owners: readonly OwnerReference[]): Node[] {
    const unseen: Node[] = [];
    for (const reference of owners) {
      const known = this.#nodes.get(reference.uid);
      const owner = known ?? virtualNode(reference, node.identity.namespace);
      if (!known) this.#nodes.set(reference.uid, owner);
      owner.dependents.add(node);
      if (owner.virtual) unseen.push(owner);
    }
    return unseen;
  }

  #unlink(node: Node, owners: readonly OwnerReference[]): Node[] {
    return owners.flatMap(({ uid }) => {
      const owner = this.#nodes.get(uid);
      owner?.dependents.delete(node);
      if (owner?.virtual && owner.dependents.size === 0) this.#nodes.delete(uid);
      return owner ? [owner] : [];
    });
  }
}

function identityOf(object: KubeObject): Identity {
  const { apiVersion = '', kind = '' } = object;
  return { apiVersion, kind, namespace: namespaceOf(object), name: nameOf(object), uid: uidOf(object) };
}

function virtualNode({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): Node {
  const identity = { apiVersion, kind, namespace, name, uid };
  return { identity, owners: [], dependents: new Set(), deleting: false, awaitsDependents: false, virtual: true };
}
