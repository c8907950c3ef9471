import { FieldPath, isCanonicalCidr, type FieldErrors } from '#machinery';
import { immutable } from '../../meta/v1/value-validation.ts';
import type { ServiceCIDR } from './service-cidr.ts';

const path = FieldPath.of('spec', 'cidrs');

/** The rules of ranges (`pkg/apis/networking/validation/validation.go`). */
export function validateServiceCIDR({ spec }: ServiceCIDR, errors: FieldErrors, old?: ServiceCIDR): void {
  if (old) return validateUpdate(spec.cidrs ?? [], old.spec.cidrs ?? [], errors);
  validateRanges(spec.cidrs ?? [], errors);
}

function validateRanges(cidrs: readonly string[], errors: FieldErrors): void {
  if (cidrs.length === 0) return errors.required(path, 'at least one CIDR required');
  if (cidrs.length > 2) return errors.invalid(path, { cidrs }, 'may only hold up to 2 values');
  const problems = cidrs.map(isCanonicalCidr);
  for (const [at, list] of problems.entries()) {
    for (const why of list) errors.invalid(path.index(at), cidrs[at], why);
  }
  const families = new Set(cidrs.map((one) => one.includes(':')));
  if (cidrs.length < 2 || families.size === 2 || problems.some((list) => list.length > 0)) return;
  const why = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
  errors.invalid(path, cidrs, why);
}

/** A range stays; a cluster may grow a second family (kubernetes/kubernetes#131261). */
function validateUpdate(cidrs: readonly string[], old: readonly string[], errors: FieldErrors): void {
  const grows = old.length === 1 && cidrs.length === 2;
  if (cidrs.length !== old.length && !grows) return errors.invalid(path, cidrs, immutable);
  for (const [at, one] of old.entries()) {
    if (one !== cidrs[at]) errors.invalid(path.index(at), cidrs[at], immutable);
  }
  if (grows) validateRanges(cidrs, errors);
}
