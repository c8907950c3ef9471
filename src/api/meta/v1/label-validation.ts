import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
  type FieldErrors,
  type FieldPath,
} from '#machinery';
import type { LabelSelector, LabelSelectorRequirement } from './label-selector.ts';
import type { ObjectMeta } from './object-meta.ts';

/** The key of a label, a taint, an annotation. */
export function validateQualifiedName(name: string, errors: FieldErrors, path: FieldPath): void {
  for (const why of isQualifiedName(name)) errors.invalid(path, name, why);
}

/** Labels, or a plain selector by labels (`apimachinery/pkg/apis/meta/v1/validation`). */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    validateQualifiedName(key, errors, path);
    for (const why of isValidLabelValue(value)) errors.invalid(path, value, why);
  }
}

/** The metadata that a template gives to what is made of it (`ValidateTemplateObjectMeta`). */
export function validateTemplateMetadata(
  { labels, annotations = {} }: ObjectMeta,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateLabels(labels, errors, path.child('labels'));
  for (const key of Object.keys(annotations)) {
    for (const why of isQualifiedName(key.toLowerCase())) errors.invalid(path.child('annotations'), key, why);
  }
}

/** A selector by labels; one that is absent is valid. */
export function validateLabelSelector(selector: LabelSelector | undefined, errors: FieldErrors, path: FieldPath): void {
  if (!selector) return;
  validateLabels(selector.matchLabels, errors, path.child('matchLabels'));
  const expressions = path.child('matchExpressions');
  for (const [at, one] of (selector.matchExpressions ?? []).entries()) {
    validateRequirement(one, errors, expressions.index(at));
  }
}

function validateRequirement(
  { key, operator, values = [] }: LabelSelectorRequirement,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateOperator(operator, values, errors, path);
  validateQualifiedName(key, errors, path.child('key'));
  for (const [at, value] of values.entries()) {
    for (const why of isValidLabelValue(value)) errors.invalid(path.child('values').index(at), value, why);
  }
}

/** How many values the operators take that label selectors and node selectors have in common. */
export function validateOperator(
  operator: string,
  values: readonly string[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  const at = path.child('values');
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) errors.required(at, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) errors.forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else {
    errors.invalid(path.child('operator'), operator, 'not a valid selector operator');
  }
}

const pathCharacters = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const pathPattern = new RegExp(`^${pathCharacters}$`);

/** A name that its owner's domain makes unique, as in `acme.io/foo` (`IsDomainPrefixedPath`). */
export function validateDomainPrefixedPath(text: string, errors: FieldErrors, path: FieldPath): void {
  if (text === '') return errors.required(path);
  const slash = text.indexOf('/');
  const [host, rest] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  if (host === '' || rest === '') {
    return errors.invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")');
  }
  for (const why of isDns1123Subdomain(host)) errors.invalid(path, host, why);
  if (pathPattern.test(rest)) return;
  errors.invalid(path, rest, `Invalid path (regex used for validation is '${pathCharacters}')`);
}

/** A label's key that its owner's domain makes unique (`IsDomainPrefixedKey`). */
export function validateDomainPrefixedKey(key: string, errors: FieldErrors, path: FieldPath): void {
  if (key === '') return errors.required(path);
  const problems = isQualifiedName(key);
  for (const why of problems) errors.invalid(path, key, why);
  if (problems.length > 0 || key.includes('/')) return;
  errors.invalid(path, key, 'must be a domain-prefixed key (such as "acme.io/foo")');
}

/** A domain name of two parts at least, perhaps with the dot that ends it (`IsFullyQualifiedDomainName`). */
export function validateDomainName(text: string, errors: FieldErrors, path: FieldPath): void {
  if (text === '') return errors.required(path);
  const name = text.replace(/\.$/, '');
  const problems = isDns1123Subdomain(name);
  const labels = name.split('.');
  if (problems.length > 0) errors.invalid(path, name, problems.join(','));
  else if (labels.length < 2) {
    errors.invalid(path, name, 'should be a domain with at least two segments separated by dots');
  } else {
    const bad = labels.find((label) => isDns1123Label(label).length > 0);
    if (bad !== undefined) errors.invalid(path, bad, isDns1123Label(bad).join(','));
  }
}

/** A domain name of three parts at least, as in `check.example.com` (`IsFullyQualifiedName`). */
export function validateFullyQualifiedName(name: string, errors: FieldErrors, path: FieldPath): void {
  if (name === '') return errors.required(path);
  const problems = isDns1123Subdomain(name);
  if (problems.length > 0) errors.invalid(path, name, problems.join(','));
  else if (name.split('.').length < 3) {
    errors.invalid(path, name, 'should be a domain with at least three segments separated by dots');
  }
}
