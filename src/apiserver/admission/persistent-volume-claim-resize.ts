import { persistentVolumeClaims, storageClassOf, type PersistentVolumeClaim, type StorageClass } from '#api';
import { Quantity } from '#machinery';
import { isOf, type AdmissionPlugin, type Attributes, type Lookup } from './plugin.ts';
import { refused } from './refused.ts';

const storageClasses = { group: 'storage.k8s.io', plural: 'storageclasses' };

/** A claim grows only where its class says that its volume can (`plugin/pkg/admission/storage/persistentvolume/resize`). */
export class PersistentVolumeClaimResize implements AdmissionPlugin {
  readonly name = 'PersistentVolumeClaimResize';
  readonly #lookup: Lookup;

  constructor({ lookup }: { lookup: Lookup }) {
    this.#lookup = lookup;
  }

  async validate(attributes: Attributes): Promise<void> {
    if (attributes.operation !== 'UPDATE' || !isOf(attributes, persistentVolumeClaims)) return;
    const [claim, old] = [attributes.object as PersistentVolumeClaim, attributes.old as PersistentVolumeClaim];
    if (sizeOf(claim).compare(sizeOf(old)) <= 0) return;
    if (old.status.phase !== 'Bound') {
      throw refused(attributes, 'Only bound persistent volume claims can be expanded');
    }
    if (await this.#mayGrow(claim, old)) return;
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    throw refused(attributes, why);
  }

  async #mayGrow(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): Promise<boolean> {
    const name = storageClassOf(claim);
    if (!name || name !== storageClassOf(old)) return false;
    const found = this.#lookup.cached(storageClasses, '', name) ?? (await this.#lookup.read(storageClasses, '', name));
    return (found as StorageClass | undefined)?.allowVolumeExpansion === true;
  }
}

function sizeOf({ spec }: PersistentVolumeClaim): Quantity {
  return Quantity.parse(spec.resources?.requests?.['storage'] ?? '0');
}
