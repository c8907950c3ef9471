import { Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { notNegative } from '../../../meta/v1/value-validation.ts';
import type { ContainerResizePolicy, ResourceRequirements } from '../resources.ts';
import { isHugePages, isOvercommitAllowed, isWhole, validateContainerResourceName } from './resource-names.ts';

type Amounts = Readonly<Record<string, string>>;

/** What a container requests and may use at most; `claims` are the names that the pod has claims under. */
export function validateContainerResources(
  resources: ResourceRequirements | undefined,
  claims: ReadonlySet<string>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { limits = {}, requests = {} } = resources ?? {};
  validateAmounts(limits, errors, path.child('limits'));
  validateAmounts(requests, errors, path.child('requests'));
  for (const name of Object.keys(requests)) validateRequest(name, requests, limits, errors, path);
  const names = Object.keys({ ...limits, ...requests });
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.forbidden(path, 'HugePages require cpu or memory');
  }
  for (const [at, { name }] of (resources?.claims ?? []).entries()) {
    if (name !== '' && !claims.has(name)) errors.notFound(path.child('claims').index(at), name);
  }
}

function validateAmounts(amounts: Amounts, errors: FieldErrors, path: FieldPath): void {
  for (const [name, text] of Object.entries(amounts)) {
    validateContainerResourceName(name, errors, path.key(name));
    validateAmount(name, text, errors, path.key(name));
    if (isHugePages(name) && !isMultiple(name, text)) {
      errors.invalid(path.key(name), text, `${text} is not positive integer multiple of ${name}`);
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
  const at = path.child('requests');
  if (difference !== 0 && !isShared) errors.invalid(at, request, `must be equal to ${name} limit of ${limit}`);
  else if (difference > 0) errors.invalid(at, request, `must be less than or equal to ${name} limit of ${limit}`);
}

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
    if (resourceName !== 'cpu' && resourceName !== 'memory' && resourceName !== '') {
      errors.notSupported(path, resourceName, ['cpu', 'memory']);
    }
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      errors.invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
    }
  }
}
