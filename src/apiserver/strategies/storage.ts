import type { CSIDriver, VolumeAttachment } from '#api';
import { dropFields, isEqualJson } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { bumpGeneration, keepMetadata, keepSpec, keepStatus } from './spec-and-status.ts';

/** What changes of a driver does not change how its volumes are: the generation counts these changes. */
const mutable = [
  'podInfoOnMount',
  'storageCapacity',
  'fsGroupPolicy',
  'tokenRequests',
  'requiresRepublish',
  'seLinuxMount',
  'nodeAllocatableUpdatePeriodSeconds',
  'serviceAccountTokenInSecrets',
] as const;

/** CSIDrivers (`pkg/registry/storage/csidriver/strategy.go`). */
const csiDriverStrategy: Strategy<CSIDriver> = {
  answersObject: true,
  allowUnconditionalUpdate: false,
  prepareForCreate: ({ spec }) => dropClosed(spec),
  prepareForUpdate(driver, old) {
    dropClosed(driver.spec, old.spec);
    if (mutable.some((field) => !isEqualJson(driver.spec[field], old.spec[field]))) bumpGeneration(driver);
  },
};

/** The field is behind a gate that is closed (`VolumeLimitScaling`): it stays only where it is. */
function dropClosed(spec: CSIDriver['spec'], old?: CSIDriver['spec']): void {
  if (old?.preventPodSchedulingIfMissing === undefined) delete spec.preventPodSchedulingIfMissing;
}

/** VolumeAttachments: the attacher alone writes their status (`pkg/registry/storage/volumeattachment/strategy.go`). */
const volumeAttachmentStrategy: Strategy<VolumeAttachment> = {
  answersObject: true,
  allowUnconditionalUpdate: false,
  prepareForCreate(attachment) {
    attachment.status = { attached: false };
  },
  prepareForUpdate: keepStatus,
  subresources: {
    status: (store) =>
      store.partial('status', {
        allowUnconditionalUpdate: false,
        ownable: dropFields('spec', 'metadata'),
        prepareForUpdate(attachment, old) {
          keepSpec(attachment, old);
          keepMetadata(attachment, old);
        },
      }),
  },
};

/** What is special about each kind of storage, by `plural.group`. */
export const storageStrategies = {
  'storageclasses.storage.k8s.io': { answersObject: true },
  'volumeattributesclasses.storage.k8s.io': { answersObject: true },
  'csidrivers.storage.k8s.io': csiDriverStrategy,
  'csinodes.storage.k8s.io': { answersObject: true, allowUnconditionalUpdate: false },
  'csistoragecapacities.storage.k8s.io': { allowUnconditionalUpdate: false },
  'volumeattachments.storage.k8s.io': volumeAttachmentStrategy,
};
