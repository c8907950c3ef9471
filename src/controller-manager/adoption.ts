import type { ResourceClient } from '#client';
import {
  controllerOf,
  isDeleting,
  isStatusError,
  nameOf,
  namespaceOf,
  uidOf,
  type HasMeta,
  type OwnerReference,
  type Selector,
} from '#machinery';

/** What a controller should do about an object that its selector may or may not mean. */
export type Claim = 'keep' | 'adopt' | 'release' | 'ignore';

/** Decides who an object belongs to (`pkg/controller/controller_ref_manager.go`). */
export function claimOf(owner: HasMeta, object: HasMeta, matches: boolean): Claim {
  const controller = controllerOf(object);
  if (controller) {
    if (controller.uid !== uidOf(owner)) return 'ignore';
    if (matches) return 'keep';
    return isDeleting(owner) ? 'ignore' : 'release';
  }
  if (isDeleting(owner) || isDeleting(object) || !matches) return 'ignore';
  return 'adopt';
}

interface ClaimOptions<T extends HasMeta> {
  owner: HasMeta;
  reference: OwnerReference;
  candidates: readonly T[];
  selector: Selector;
  calls: ResourceClient<T>;
  /** Reads the owner from the server: a lister may not know yet that it is gone. */
  readOwner: () => Promise<HasMeta>;
}

/** Adopts and releases as `claimOf` says, and returns what the owner has in the end. Throws `StatusError`. */
export async function claim<T extends HasMeta>(options: ClaimOptions<T>): Promise<T[]> {
  const { owner, candidates, selector } = options;
  const claimed: T[] = [];
  let mayAdopt: boolean | undefined;
  for (const object of candidates) {
    switch (claimOf(owner, object, selector.matches(object.metadata.labels))) {
      case 'keep':
        claimed.push(object);
        break;
      case 'adopt':
        mayAdopt ??= await isStillThere(options);
        if (mayAdopt && (await adopt(object, options))) claimed.push(object);
        break;
      case 'release':
        await release(object, options);
        break;
      default:
    }
  }
  return claimed;
}

async function isStillThere({ owner, readOwner }: ClaimOptions<HasMeta>): Promise<boolean> {
  const live = await readOwner();
  return uidOf(live) === uidOf(owner) && !isDeleting(live);
}

async function adopt<T extends HasMeta>(object: T, { reference, calls }: ClaimOptions<T>): Promise<boolean> {
  return setOwners(object, [...(object.metadata.ownerReferences ?? []), reference], calls);
}

async function release<T extends HasMeta>(object: T, { reference, calls }: ClaimOptions<T>): Promise<void> {
  const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== reference.uid);
  await setOwners(object, others, calls);
}

/** False when the object is gone. The revision in the patch keeps us from overwriting somebody else's change. */
async function setOwners<T extends HasMeta>(
  object: T,
  ownerReferences: readonly OwnerReference[],
  calls: ResourceClient<T>,
): Promise<boolean> {
  const { uid, resourceVersion } = object.metadata;
  try {
    const metadata = { uid, resourceVersion, ownerReferences };
    await calls.in(namespaceOf(object)).patch(nameOf(object), { metadata });
    return true;
  } catch (error) {
    if (isStatusError(error, 'NotFound')) return false;
    throw error;
  }
}
