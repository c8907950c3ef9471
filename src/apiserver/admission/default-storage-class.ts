import {
  isDefaultStorageClass,
  persistentVolumeClaims,
  storageClassOf,
  type PersistentVolumeClaim,
  type StorageClass,
} from '#api';
import { isOf, type AdmissionPlugin, type Attributes, type Lookup } from './plugin.ts';

const storageClasses = { group: 'storage.k8s.io', plural: 'storageclasses' };

/** A claim that names no class gets the default one, where there is one (`plugin/pkg/admission/storage/storageclass/setdefault`). */
export class DefaultStorageClass implements AdmissionPlugin {
  readonly name = 'DefaultStorageClass';
  readonly #lookup: Lookup;

  constructor({ lookup }: { lookup: Lookup }) {
    this.#lookup = lookup;
  }

  mutate(attributes: Attributes): void {
    if (attributes.operation !== 'CREATE' || !isOf(attributes, persistentVolumeClaims)) return;
    const claim = attributes.object as PersistentVolumeClaim;
    // An empty name is a wish too: for a volume without a class.
    if (storageClassOf(claim) !== undefined) return;
    const classes = this.#lookup.list(storageClasses) as readonly StorageClass[];
    const name = classes.filter(isDefaultStorageClass).sort(newestFirst)[0]?.metadata.name;
    if (name !== undefined) claim.spec.storageClassName = name;
  }
}

/** Of several defaults the newest counts, so that one can be put in the place of another. */
function newestFirst({ metadata: a }: StorageClass, { metadata: b }: StorageClass): number {
  const [first, second] = [a.creationTimestamp ?? '', b.creationTimestamp ?? ''];
  if (first !== second) return first < second ? 1 : -1;
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
}
