import { isQualifiedName, type FieldErrors, type FieldPath } from '#machinery';

const countable = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const compute = ['cpu', 'memory', 'ephemeral-storage'];
const standard = new Set([
  ...countable,
  ...compute,
  ...compute.flatMap((one) => [`requests.${one}`, `limits.${one}`]),
  'storage',
  'requests.storage',
]);

/** Huge pages of some size, which are never shared. */
export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Huge pages as quotas count them. */
function isQuotaHugePages(name: string): boolean {
  return isHugePages(name) || name.startsWith('requests.hugepages-');
}

/** Resources of Kubernetes itself (`pkg/apis/core/helper/helpers.go`). */
export function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** Resources that device plugins and others bring along: `example.com/gpu`. */
export function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;
}

/** Whether more may be limited than is requested. */
export function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

/** Whether there is no half of it. */
export function isWhole(name: string): boolean {
  return countable.includes(name) || isExtended(name);
}

/** The name of any resource. */
export function validateResourceName(name: string, errors: FieldErrors, path: FieldPath): void {
  if (standard.has(name)) return;
  const problems = isQualifiedName(name);
  for (const why of problems) errors.invalid(path, name, why);
  if (problems.length > 0 || name.includes('/') || isQuotaHugePages(name)) return;
  errors.invalid(path, name, 'must be a standard resource type or fully qualified');
}

/** Whether a quota can limit it by this very name. */
export function isStandardForQuota(name: string): boolean {
  return (standard.has(name) && name !== 'storage') || isQuotaHugePages(name);
}

/** The name of a resource that a container can ask for. */
export function validateContainerResourceName(name: string, errors: FieldErrors, path: FieldPath): void {
  validateResourceName(name, errors, path);
  if (!name.includes('/')) {
    if (!compute.includes(name) && !isHugePages(name)) {
      errors.invalid(path, name, 'must be a standard resource for containers');
    }
  } else if (!isNative(name) && !isExtended(name)) {
    errors.invalid(path, name, "doesn't follow extended resource name standard");
  }
}

/** The name of a resource that a pod can ask for as a whole. */
export function validatePodResourceName(name: string, errors: FieldErrors, path: FieldPath): void {
  const before = errors.list.length;
  validateResourceName(name, errors, path);
  if (errors.list.length > before || name === 'cpu' || name === 'memory' || isHugePages(name)) return;
  errors.notSupported(path, name, ['cpu', 'hugepages-', 'memory']);
}
