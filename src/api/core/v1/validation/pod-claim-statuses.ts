import { isDns1123Label, isDns1123Subdomain, Quantity, type FieldErrors, type FieldPath } from '#machinery';
import type { PodSpec } from '../pod-spec.ts';
import type { PodExtendedResourceClaimStatus, PodStatus } from '../pod-status.ts';
import type { Pod } from '../pod.ts';
import { isNative } from './resource-names.ts';

/** What is said of the claims that were made for a pod. */
export function validatePodClaimStatuses({ spec, status }: Pod, errors: FieldErrors, path: FieldPath): void {
  validateMade(status, spec, errors, path.child('resourceClaimStatuses'));
  const { extendedResourceClaimStatus: extended } = status;
  if (extended) validateExtended(extended, spec, errors, path.child('extendedResourceClaimStatus'));
  validateNodeAmounts(status, spec, errors, path.child('nodeAllocatableResourceClaimStatuses'));
}

function validateMade(
  { resourceClaimStatuses: statuses = [] }: PodStatus,
  { resourceClaims = [] }: PodSpec,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, { name, resourceClaimName }] of statuses.entries()) {
    const here = path.index(at);
    if (!resourceClaims.some((one) => one.name === name)) {
      errors.invalid(here.child('name'), name, 'must match the name of an entry in `spec.resourceClaims`');
    }
    if (statuses.slice(0, at).some((one) => one.name === name)) errors.duplicate(here.child('name'), name);
    for (const why of resourceClaimName === undefined ? [] : isDns1123Subdomain(resourceClaimName)) {
      errors.invalid(here.child('resourceClaimName'), resourceClaimName, why);
    }
  }
}

const ofContainers = 'spec.initContainers.resources.requests or spec.containers.resources.requests';

function validateExtended(
  { requestMappings: mappings, resourceClaimName: claim }: PodExtendedResourceClaimStatus,
  { containers, initContainers = [] }: PodSpec,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const list = path.child('requestMappings');
  if (mappings.length === 0) errors.required(list, 'at least one request mapping is required');
  for (const [at, mapping] of mappings.entries()) {
    const { containerName, resourceName, requestName } = mapping;
    const here = list.index(at);
    const container = [...containers, ...initContainers].find(({ name }) => name === containerName);
    if (!container) {
      const why = 'must match the name of an entry in spec.initContainers.name or spec.containers.name';
      errors.invalid(here.child('containerName'), containerName, why);
    } else if (container.resources?.requests?.[resourceName] === undefined) {
      const why = `must match the extended resource name of an entry in ${ofContainers}`;
      errors.invalid(here.child('resourceName'), resourceName, why);
    }
    for (const why of isDns1123Label(requestName)) errors.invalid(path.child('requestName'), requestName, why);
    const fields = ['containerName', 'resourceName', 'requestName'] as const;
    const isTaken = mappings.slice(0, at).some((one) => fields.every((field) => one[field] === mapping[field]));
    for (const field of isTaken ? fields : []) errors.duplicate(here.child(field), mapping[field]);
  }
  if (claim === '') errors.required(path.child('resourceClaimName'));
  else for (const why of isDns1123Subdomain(claim)) errors.invalid(path.child('resourceClaimName'), claim, why);
}

function validateNodeAmounts(
  { nodeAllocatableResourceClaimStatuses: statuses = [], resourceClaimStatuses: made = [] }: PodStatus,
  { resourceClaims = [] }: PodSpec,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, { resourceClaimName: claim, containers = [], resources }] of statuses.entries()) {
    const here = path.index(at);
    if (claim === '') errors.required(here.child('resourceClaimName'), 'must not be empty');
    if (![...resourceClaims, ...made].some((one) => one.resourceClaimName === claim)) {
      errors.invalid(here.child('resourceClaimName'), claim, 'no mapping found in pod reference');
    }
    if (containers.length === 0) errors.required(here.child('containers'), 'must not be empty');
    validateAmounts(resources, errors, here.child('resources'));
  }
}

function validateAmounts(amounts: Readonly<Record<string, string>>, errors: FieldErrors, path: FieldPath): void {
  if (Object.keys(amounts).length === 0) errors.required(path, 'must not be empty');
  for (const [name, amount] of Object.entries(amounts)) {
    if (!isNative(name)) errors.invalid(path.key(name), name, 'must be a node allocatable resource name');
    if (Quantity.parse(amount).sign() < 0) errors.invalid(path.key(name), amount, 'must be non-negative');
  }
}
