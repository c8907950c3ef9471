import { FieldPath, isQualifiedName, Quantity, type FieldErrors } from '#machinery';
import type { LimitRange, LimitRangeItem } from './limit-range.ts';
import {
  isOvercommitAllowed,
  validateContainerResourceName,
  validateResourceName,
} from './validation/resource-names.ts';

const types = ['Pod', 'Container', 'PersistentVolumeClaim'];
const bounds = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
/** Larger amounts are compared in whole units, since their thousandths would not fit (`resource.MaxMilliValue`). */
const maxMilliValue = Math.floor((2 ** 63 - 1) / 1000);

/** The rules of limit ranges (`pkg/apis/core/validation/validation.go`). */
export function validateLimitRange({ spec }: LimitRange, errors: FieldErrors): void {
  for (const [at, item] of spec.limits.entries()) {
    const path = FieldPath.of('spec', 'limits').index(at);
    validateType(item, errors, path.child('type'));
    if (spec.limits.slice(0, at).some((one) => one.type === item.type)) errors.duplicate(path.child('type'), item.type);
    validateItem(item, errors, path);
  }
}

function validateType({ type }: LimitRangeItem, errors: FieldErrors, path: FieldPath): void {
  const problems = isQualifiedName(type);
  for (const why of problems) errors.invalid(path, type, why);
  if (problems.length > 0 || type.includes('/') || types.includes(type)) return;
  errors.invalid(path, type, 'must be a standard limit type or fully qualified');
}

function validateItem(item: LimitRangeItem, errors: FieldErrors, path: FieldPath): void {
  const isPod = item.type === 'Pod';
  const validateName = isPod || item.type === 'Container' ? validateContainerResourceName : validateResourceName;
  for (const bound of bounds) {
    const names = Object.keys(item[bound] ?? {});
    const at = path.child(bound);
    if (!isPod || !bound.startsWith('default')) for (const name of names) validateName(name, errors, at.key(name));
    else if (names.length > 0) errors.forbidden(at, "may not be specified when `type` is 'Pod'");
  }
  const { min, max } = item;
  if (item.type === 'PersistentVolumeClaim' && min?.['storage'] === undefined && max?.['storage'] === undefined) {
    const why = 'either minimum or maximum storage value is required, but neither was provided';
    errors.required(path.child('limits'), why);
  }
  const names = new Set(bounds.flatMap((bound) => Object.keys(item[bound] ?? {})));
  for (const name of names) validateBounds(name, item, errors, path);
}

/** What may not be greater than what; the field that is blamed, the value that is shown, and the words for both. */
const orders = [
  ['min', 'max', 'min', 'min', 'min value', 'max value'],
  ['min', 'defaultRequest', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
  ['defaultRequest', 'max', 'defaultRequest', 'defaultRequest', 'default request value', 'max value'],
  ['defaultRequest', 'default', 'defaultRequest', 'defaultRequest', 'default request value', 'default limit value'],
  ['min', 'default', 'default', 'min', 'min value', 'default value'],
  ['default', 'max', 'default', 'max', 'default value', 'max value'],
] as const;

/** The bounds of one resource, each beside the others. */
function validateBounds(name: string, item: LimitRangeItem, errors: FieldErrors, path: FieldPath): void {
  const amounts = amountsOf(name, item);
  for (const [lower, upper, blamed, shown, lowerWords, upperWords] of orders) {
    const [less, more] = [amounts[lower], amounts[upper]];
    if (!less || !more || less.compare(more) <= 0) continue;
    const why = `${lowerWords} ${less.toString()} is greater than ${upperWords} ${more.toString()}`;
    errors.invalid(path.child(blamed).key(name), amounts[shown], why);
  }
  validateRatio(amounts, errors, path.child('maxLimitRequestRatio').key(name));
  const { default: limit, defaultRequest: request } = amounts;
  if (!limit || !request || isOvercommitAllowed(name) || limit.compare(request) === 0) return;
  const why = `default value ${limit.toString()} must equal to defaultRequest value ${request.toString()} in ${name}`;
  errors.invalid(path.child('defaultRequest').key(name), request, why);
}

type Amounts = { [K in (typeof bounds)[number]]?: Quantity };

function amountsOf(name: string, item: LimitRangeItem): Amounts {
  const isPod = item.type === 'Pod';
  const told = bounds.flatMap((bound) => {
    const text = isPod && bound.startsWith('default') ? undefined : item[bound]?.[name];
    return text === undefined ? [] : [[bound, Quantity.parse(text)] as const];
  });
  return Object.fromEntries(told);
}

function validateRatio({ min, max, maxLimitRequestRatio: ratio }: Amounts, errors: FieldErrors, at: FieldPath): void {
  if (!ratio) return;
  const told = `ratio ${ratio.toString()} is`;
  if (ratio.compare(Quantity.of(1)) < 0) errors.invalid(at, ratio, `${told} less than 1`);
  if (!min || !max) return;
  const isFine = [ratio, min, max].every((one) => one.value() < maxMilliValue);
  const most = isFine ? max.milliValue() / min.milliValue() : max.value() / min.value();
  if ((isFine ? ratio.milliValue() / 1000 : ratio.value()) <= most) return;
  errors.invalid(at, ratio, `${told} greater than max/min = ${most.toFixed(6)}`);
}
