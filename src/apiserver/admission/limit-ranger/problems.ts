import { amountsOf, type Amounts, type LimitRangeItem, type PersistentVolumeClaim } from '#api';
import type { Quantity } from '#machinery';

/** What a thing requests, and may use. */
export interface Usage {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

type Check = (name: string, enforced: Quantity) => string | undefined;

/** What is wrong with a usage; an old usage that is the same is not judged again. */
export function problemsOf(item: LimitRangeItem, usage: Usage, old: Usage | undefined): string[] {
  const { type } = item;
  const isSame = (name: string): boolean =>
    old !== undefined && isEqual(usage.requests, old.requests, name) && isEqual(usage.limits, old.limits, name);
  return [
    ...judge(item.min, isSame, (name, least) => belowMinimum(type, name, least, usage)),
    ...judge(item.max, isSame, (name, most) => aboveMaximum(type, name, most, usage)),
    ...judge(item.maxLimitRequestRatio, isSame, (name, most) => aboveRatio(type, name, most, usage)),
  ];
}

/** As `problemsOf`, of a claim: only what it requests counts. */
export function claimProblems(
  item: LimitRangeItem,
  { spec }: PersistentVolumeClaim,
  old: PersistentVolumeClaim | undefined,
): string[] {
  const { type } = item;
  if (type !== 'PersistentVolumeClaim') return [];
  const usage = { requests: amountsOf(spec.resources?.requests), limits: {} };
  const before = amountsOf(old?.spec.resources?.requests);
  const isSame = (name: string): boolean => name in usage.requests && isEqual(usage.requests, before, name);
  return [
    ...judge(item.min, isSame, (name, least) => belowMinimum(type, name, least, usage)),
    ...judge(item.max, isSame, (name, most) => requestAboveMaximum(type, name, most, usage)),
  ];
}

function judge(
  bounds: Readonly<Record<string, string>> | undefined,
  isSame: (name: string) => boolean,
  check: Check,
): string[] {
  return Object.entries(amountsOf(bounds)).flatMap(([name, enforced]) =>
    isSame(name) ? [] : (check(name, enforced) ?? []),
  );
}

function isEqual(a: Amounts, b: Amounts, name: string): boolean {
  const [one, other] = [a[name], b[name]];
  return one && other ? one.compare(other) === 0 : one === other;
}

function belowMinimum(type: string, name: string, least: Quantity, { requests, limits }: Usage): string | undefined {
  const [request, limit] = [requests[name], limits[name]];
  const told = `minimum ${name} usage per ${type} is ${least.toString()}`;
  if (!request) return `${told}.  No request is specified`;
  if (least.compare(request) > 0) return `${told}, but request is ${request.toString()}`;
  return limit && least.compare(limit) > 0 ? `${told}, but limit is ${limit.toString()}` : undefined;
}

function aboveMaximum(type: string, name: string, most: Quantity, usage: Usage): string | undefined {
  const limit = usage.limits[name];
  const told = `maximum ${name} usage per ${type} is ${most.toString()}`;
  if (!limit) return `${told}.  No limit is specified`;
  if (limit.compare(most) > 0) return `${told}, but limit is ${limit.toString()}`;
  return usage.requests[name] && requestAboveMaximum(type, name, most, usage);
}

function requestAboveMaximum(type: string, name: string, most: Quantity, { requests }: Usage): string | undefined {
  const request = requests[name];
  const told = `maximum ${name} usage per ${type} is ${most.toString()}`;
  if (!request) return `${told}.  No request is specified`;
  return request.compare(most) > 0 ? `${told}, but request is ${request.toString()}` : undefined;
}

function aboveRatio(type: string, name: string, most: Quantity, { requests, limits }: Usage): string | undefined {
  const [request, limit] = [requests[name], limits[name]];
  const told = `${name} max limit to request ratio per ${type} is ${most.toString()}`;
  if (!request || request.isZero()) return `${told}, but no request is specified or request is 0`;
  if (!limit || limit.isZero()) return `${told}, but no limit is specified or limit is 0`;
  const ratio = limit.milliValue() / request.milliValue();
  return ratio * 1000 > most.milliValue() ? `${told}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
