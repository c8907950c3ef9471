import { isEqualJson, type KubeObject } from '#machinery';
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
  else object.status = structuredClone(old.status);
}

/** The wish belongs to users: an update of the status leaves it as it is. */
export function keepSpec(object: SpecAndStatus, old: SpecAndStatus): void {
  if (old.spec === undefined) delete object.spec;
  else object.spec = structuredClone(old.spec);
}

/** An update of `status`: the rest of the object, but for its metadata, stays. */
export const statusStrategy: UpdateStrategy = {
  validatesObject: false,
  prepareForUpdate: keepSpec,
};

/** Kinds with a wish and a state: generation counts the wishes, and each half is written through a door of its own. */
export const specAndStatus: Strategy = {
  prepareForCreate(object: SpecAndStatus) {
    object.status = {};
    object.metadata.generation = 1;
  },
  prepareForUpdate(object: SpecAndStatus, old: SpecAndStatus) {
    keepStatus(object, old);
    if (specChanged(object, old)) bumpGeneration(object);
  },
  subresources: { status: (store) => store.partial('status', statusStrategy) },
};
