import { Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { validateQualifiedName } from '../../../meta/v1/label-validation.ts';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../env.ts';

const inAnyForm = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'metadata.annotations',
  'metadata.labels',
  'spec.nodeName',
  'spec.host',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** The fields of a pod that an environment variable can show. */
export const envFields: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** The fields of a pod that a file can show. */
export const fileFields: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.uid',
];

/** A reference to a field of the pod; `supported` are those without a subscript. */
export function validateFieldRef(
  { apiVersion = '', fieldPath }: ObjectFieldSelector,
  supported: readonly string[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (apiVersion === '') errors.required(path.child('apiVersion'));
  if (fieldPath === '') return errors.required(path.child('fieldPath'));
  const [, field, subscript] = /^(.*)\['(.*)'\]$/.exec(fieldPath) ?? [];
  const problem = conversionProblem(apiVersion, fieldPath, field);
  if (problem !== '') {
    errors.invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: ${problem}`);
  } else if (field === 'metadata.annotations') {
    validateQualifiedName((subscript ?? '').toLowerCase(), errors, path);
  } else if (field === 'metadata.labels') {
    validateQualifiedName(subscript ?? '', errors, path);
  } else {
    const plain = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
    if (!supported.includes(plain)) errors.notSupported(path.child('fieldPath'), plain, supported.toSorted());
  }
}

/** What of it no version of the API knows (`pkg/apis/core/pods/helpers.go`). */
function conversionProblem(apiVersion: string, fieldPath: string, subscripted: string | undefined): string {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`;
  if (subscripted !== undefined) {
    const takesOne = subscripted === 'metadata.annotations' || subscripted === 'metadata.labels';
    return takesOne ? '' : `field label does not support subscript: ${fieldPath}`;
  }
  return inAnyForm.includes(fieldPath) ? '' : `field label not supported: ${fieldPath}`;
}

const resourceFields = ['cpu', 'memory', 'ephemeral-storage'].flatMap((one) => [`limits.${one}`, `requests.${one}`]);

/** A reference to a limit or request of a container, which a file must name and an environment variable need not. */
export function validateResourceFieldRef(
  selector: ResourceFieldSelector,
  inFile: boolean,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { containerName, resource } = selector;
  if (inFile && !containerName) errors.required(path.child('containerName'));
  else if (resource === '') errors.required(path.child('resource'));
  else if (!resourceFields.includes(resource) && !isHugePages(resource)) {
    errors.notSupported(path.child('resource'), resource, resourceFields.toSorted());
  }
  validateDivisor(selector, errors, path.child('divisor'));
}

function isHugePages(resource: string): boolean {
  return /^(limits|requests)\.hugepages-/.test(resource);
}

const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

function validateDivisor(
  { resource, divisor = '0' }: ResourceFieldSelector,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (Quantity.parse(divisor).isZero()) return;
  const words = divisorWords(resource);
  if (!words) return;
  const allowed = words === 'cpu' ? ['1m', '1'] : byteDivisors;
  const told = words === 'cpu' ? '1m and 1' : byteDivisors.join(', ');
  if (!allowed.includes(divisor)) {
    errors.invalid(path, resource, `only divisor's values ${told} are supported with the ${words} resource`);
  }
}

function divisorWords(resource: string): string | undefined {
  if (isHugePages(resource)) return 'hugepages';
  switch (resource.replace(/^(limits|requests)\./, '')) {
    case 'cpu':
      return 'cpu';
    case 'memory':
      return 'memory';
    case 'ephemeral-storage':
      return 'local ephemeral storage';
    default:
      return undefined;
  }
}
