import { isDns1123Label, Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { notNegative } from '../../../meta/v1/value-validation.ts';
import type { PodResourceClaim } from '../pod-spec.ts';
import type { ContainerResizePolicy, ResourceClaim, ResourceRequirements } from '../resources.ts';
import { isHugePages, isOvercommitAllowed, isWhole, validateContainerResourceName } from './resource-names.ts';

type Amounts = Readonly<Record<string, string>>;

type NameRule = (name: string, errors: FieldErrors, path: FieldPath) => void;

/** What a container requests and may use at most; `podClaims` are those that its pod has. */
export function validateContainerResources(
  resources: ResourceRequirements,
  podClaims: readonly PodResourceClaim[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateResources(resources, validateContainerResourceName, errors, path);
  if (resources.claims) validateClaims(resources.claims, podClaims, errors, path.child('claims'));
}

/** Requests and limits, of a container or of a whole pod. */
export function validateResources(
  { limits = {}, requests = {} }: ResourceRequirements,
  validateName: NameRule,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateAmounts(limits, validateName, errors, path.child('limits'));
  validateAmounts(requests, validateName, errors, path.child('requests'));
  const requested = Object.keys(requests);
  for (const name of requested) validateRequest(name, requests, limits, errors, path);
  const names = [...Object.keys(limits), ...requested];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.forbidden(path, 'HugePages require cpu or memory');
  }
}

/** Which of the pod's claims a container uses: a claim once as a whole, or each of its requests once. */
function validateClaims(
  claims: readonly ResourceClaim[],
  podClaims: readonly PodResourceClaim[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  const known = new Set(podClaims.map(({ name }) => name).filter((name) => name !== ''));
  for (const [at, { name, request = '' }] of claims.entries()) {
    const here = path.index(at);
    if (name === '') {
      errors.required(here);
      continue;
    }
    const before = claims.slice(0, at).filter((one) => one.name === name);
    const isWholeTaken = before.some((one) => !one.request);
    for (const why of request === '' || isWholeTaken ? [] : isDns1123Label(request)) {
      errors.invalid(here.child('request'), request, why);
    }
    if (isWholeTaken || (request === '' && before.length > 0)) errors.duplicate(here, name);
    else if (before.some((one) => one.request === request)) errors.duplicate(here, `${name}/${request}`);
    if (known.has(name)) continue;
    const names = known.size === 0 ? ' which is empty' : `: ${[...known].toSorted().join(', ')}`;
    errors.notFound(here, name, `must be one of the names in pod.spec.resourceClaims${names}`);
  }
}

function validateAmounts(amounts: Amounts, validateName: NameRule, errors: FieldErrors, path: FieldPath): void {
  for (const [name, text] of Object.entries(amounts)) {
    const at = path.key(name);
    validateName(name, errors, at);
    validateAmount(name, text, errors, at);
    if (isHugePages(name) && !isMultiple(name, text)) {
      errors.invalid(at, text, `${text} is not positive integer multiple of ${name}`);
    }
  }
}

/** An amount of some resource: not negative, and whole where it must be. */
export function validateAmount(name: string, text: string, errors: FieldErrors, path: FieldPath): void {
  const amount = Quantity.parse(text);
  if (amount.sign() < 0) errors.invalid(path, text, notNegative);
  if (isWhole(name) && amount.milliValue() % 1000 !== 0) errors.invalid(path, text, 'must be an integer');
}

function isMultiple(name: string, text: string): boolean {
  try {
    const page = Quantity.parse(name.slice('hugepages-'.length)).value();
    return page > 0 && Quantity.parse(text).value() % page === 0;
  } catch {
    return false; // no size at all
  }
}

function validateRequest(name: string, requests: Amounts, limits: Amounts, errors: FieldErrors, path: FieldPath): void {
  const [request, limit] = [requests[name] ?? '0', limits[name]];
  const isShared = isOvercommitAllowed(name);
  if (limit === undefined) {
    if (!isShared) errors.required(path.child('limits'), 'Limit must be set for non overcommitable resources');
    return;
  }
  const difference = Quantity.parse(request).compare(Quantity.parse(limit));
  if (difference === 0 || (difference < 0 && isShared)) return;
  const at = path.child('requests');
  if (!isShared) errors.invalid(at, request, `must be equal to ${name} limit of ${limit}`);
  else errors.invalid(at, request, `must be less than or equal to ${name} limit of ${limit}`);
}

const resizeRestarts = ['NotRequired', 'RestartContainer'];

/** How a container takes it when its resources change. */
export function validateResizePolicy(
  policies: readonly ContainerResizePolicy[],
  podRestartPolicy: string | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, { resourceName, restartPolicy }] of policies.entries()) {
    if (policies.slice(0, at).some((one) => one.resourceName === resourceName)) {
      errors.duplicate(path.index(at), resourceName);
    }
    // Upstream tells these of the list and not of its entry.
    if (resourceName === '') errors.required(path);
    else if (resourceName !== 'cpu' && resourceName !== 'memory') {
      errors.notSupported(path, resourceName, ['cpu', 'memory']);
    }
    if ((restartPolicy as string) === '') errors.required(path);
    else if (!resizeRestarts.includes(restartPolicy)) errors.notSupported(path, restartPolicy, resizeRestarts);
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      errors.invalid(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
    }
  }
}
