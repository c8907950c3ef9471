import { copyJson, decode, dropFields, isEqualJson, type KubeObject, type Message, type Resource } from '#machinery';
import type { Strategy, UpdateStrategy } from '../registry/strategy.ts';

interface SpecAndStatus extends KubeObject {
  spec?: unknown;
  status?: unknown;
}

/** Whether an update changes what the object wants, so that controllers must look again. */
export function specChanged(object: SpecAndStatus, old: SpecAndStatus): boolean {
  return !isEqualJson(object.spec, old.spec);
}

export function bumpGeneration({ metadata }: KubeObject): void {
  metadata.generation = (metadata.generation ?? 0) + 1;
}

/** The status belongs to controllers: an update of the object leaves it as it is. */
export function keepStatus(object: SpecAndStatus, old: SpecAndStatus): void {
  if (old.status === undefined) delete object.status;
  else object.status = copyJson(old.status);
}

/** The wish belongs to users: an update of the status leaves it as it is. */
export function keepSpec(object: SpecAndStatus, old: SpecAndStatus): void {
  if (old.spec === undefined) delete object.spec;
  else object.spec = copyJson(old.spec);
}

/** What an update of the status alone leaves as it is, where upstream says so (`metav1.ResetObjectMetaForStatus`). */
export function keepMetadata({ metadata }: KubeObject, { metadata: old }: KubeObject): void {
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const) {
    if (old[field] === undefined) delete metadata[field];
    else Object.assign(metadata, { [field]: copyJson(old[field]) });
  }
}

/** An update of `status`: the rest of the object, but for its metadata, stays. */
export const statusStrategy: UpdateStrategy = {
  validatesObject: false,
  prepareForUpdate: keepSpec,
};

/** An update of `status` that leaves the metadata alone too. */
export const pureStatusStrategy: UpdateStrategy = {
  validatesObject: false,
  ownable: dropFields('spec', 'metadata'),
  prepareForUpdate(object, old) {
    keepSpec(object, old);
    keepMetadata(object, old);
  },
};

/** Kinds with a wish alone, whose changes are counted. */
export const countedSpec: Strategy = {
  prepareForCreate({ metadata }) {
    metadata.generation = 1;
  },
  prepareForUpdate(object: SpecAndStatus, old: SpecAndStatus) {
    if (specChanged(object, old)) bumpGeneration(object);
  },
};

/** What a new object begins as: generation 1, and a state of which nothing is known, as Go writes it. */
export function beginAs(kind: Message): (object: SpecAndStatus) => void {
  const { status } = decode(kind, {}).object as { status?: unknown };
  return (object) => {
    object.status = copyJson(status);
    object.metadata.generation = 1;
  };
}

/** An update of the object: it leaves the state, and counts as a new wish where it is one. */
export function prepareSpec(object: SpecAndStatus, old: SpecAndStatus): void {
  keepStatus(object, old);
  if (specChanged(object, old)) bumpGeneration(object);
}

/** Kinds with a wish and a state: generation counts the wishes, and each half is written through a door of its own. */
export function specAndStatus({ kind }: Pick<Resource, 'kind'>, statusDoor = statusStrategy): Strategy {
  return {
    prepareForCreate: beginAs(kind),
    prepareForUpdate: prepareSpec,
    subresources: { status: (store) => store.partial('status', statusDoor) },
  };
}
