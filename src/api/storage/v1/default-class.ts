import type { StorageClass } from './storage-class.ts';

/** The annotations that make a storage class the default one: today's, and the one before. */
const annotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** Whether claims that name no class are of this one (`pkg/apis/storage/v1/util/helpers.go`). */
export function isDefaultStorageClass({ metadata }: Pick<StorageClass, 'metadata'>): boolean {
  return annotations.some((one) => metadata.annotations?.[one] === 'true');
}
