import { isQualifiedName } from '#machinery';

/** A resource of no one but its vendor, as in `example.com/gpu` (`pkg/apis/core/v1/helper`). */
export function isExtendedResourceName(name: string): boolean {
  const isNative = !name.includes('/') || name.includes('kubernetes.io/');
  return !isNative && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;
}
