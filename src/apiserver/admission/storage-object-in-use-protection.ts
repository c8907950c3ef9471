import { persistentVolumeClaims, persistentVolumes, volumeAttributesClasses } from '#api';
import { isOf, type AdmissionPlugin, type Attributes } from './plugin.ts';

const protections = [
  [persistentVolumes, 'kubernetes.io/pv-protection'],
  [persistentVolumeClaims, 'kubernetes.io/pvc-protection'],
  [volumeAttributesClasses, 'kubernetes.io/vac-protection'],
] as const;

/** What is in use stays until it is not: a controller takes the finalizer away then (`plugin/pkg/admission/storage/storageobjectinuseprotection`). */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  mutate(attributes: Attributes) {
    const { operation, object } = attributes;
    if (operation !== 'CREATE' || !object) return;
    const finalizer = protections.find(([resource]) => isOf(attributes, resource))?.[1];
    const finalizers = object.metadata.finalizers ?? [];
    if (!finalizer || finalizers.includes(finalizer)) return;
    object.metadata.finalizers = [...finalizers, finalizer];
  },
};
