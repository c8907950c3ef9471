import { isDns1123Label, isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import type {
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  ServiceAccountSubject,
  Subject,
} from './flow-schema-rules.ts';

const knownVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

/** Which requests of whom a schema matches (`pkg/apis/flowcontrol/validation/validation.go`). */
export function validateRules(
  { subjects, resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (subjects.length === 0) errors.required(path.child('subjects'), 'subjects must contain at least one value');
  for (const [at, one] of subjects.entries()) validateSubject(one, errors, path.child('subjects').index(at));
  if (resourceRules.length + nonResourceRules.length === 0) {
    errors.required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty');
  }
  for (const [at, rule] of resourceRules.entries()) {
    validateResourceRule(rule, errors, path.child('resourceRules').index(at));
  }
  for (const [at, rule] of nonResourceRules.entries()) {
    validatePathRule(rule, errors, path.child('nonResourceRules').index(at));
  }
}

const kinds = { user: 'User', group: 'Group', serviceAccount: 'ServiceAccount' } as const;

function validateSubject(subject: Subject, errors: FieldErrors, path: FieldPath): void {
  if (!Object.values(kinds).includes(subject.kind)) {
    return errors.notSupported(path.child('kind'), subject.kind, Object.values(kinds).toSorted());
  }
  const isOwn = (field: keyof typeof kinds): boolean => kinds[field] === subject.kind;
  // The one that it is comes first, and then those that it may not be.
  const fields = (['serviceAccount', 'user', 'group'] as const).toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
  for (const field of fields) {
    const [at, kind, value] = [path.child(field), kinds[field], subject[field]];
    if (kind !== subject.kind) {
      if (value) errors.forbidden(at, `${field} is forbidden when subject kind is not '${kind}'`);
    } else if (!value) errors.required(at, `${field} is required when subject kind is '${kind}'`);
    else if (value.name === '') errors.required(at.child('name'));
  }
  if (subject.kind === 'ServiceAccount' && subject.serviceAccount) {
    validateAccount(subject.serviceAccount, errors, path.child('serviceAccount'));
  }
}

function validateAccount({ namespace, name }: ServiceAccountSubject, errors: FieldErrors, path: FieldPath): void {
  if (name !== '' && name !== '*') {
    for (const why of isDns1123Subdomain(name)) errors.invalid(path.child('name'), name, why);
  }
  const at = path.child('namespace');
  if (namespace === '') errors.required(at, 'must specify namespace for service account');
  else for (const why of isDns1123Label(namespace)) errors.invalid(at, namespace, why);
}

function validateResourceRule(rule: ResourcePolicyRule, errors: FieldErrors, path: FieldPath): void {
  const { verbs, apiGroups, resources, namespaces = [], clusterScope } = rule;
  validateVerbs(verbs, errors, path.child('verbs'));
  validateList(
    apiGroups,
    'resource rules must supply at least one api group',
    'api groups',
    errors,
    path.child('apiGroups'),
  );
  validateList(
    resources,
    'resource rules must supply at least one resource',
    'resources',
    errors,
    path.child('resources'),
  );
  const at = path.child('namespaces');
  if (namespaces.length === 0) {
    const why = 'resource rules that are not cluster scoped must supply at least one namespace';
    if (clusterScope !== true) errors.required(at, why);
  } else if (namespaces.includes('*')) validateLonely(namespaces, 'namespaces', errors, at);
  else {
    for (const [index, one] of namespaces.entries()) {
      const intro = "each member of this list must be '*' or a DNS-1123 label; ";
      for (const why of isDns1123Label(one)) errors.invalid(at.index(index), one, intro + why);
    }
  }
}

function validatePathRule(rule: NonResourcePolicyRule, errors: FieldErrors, path: FieldPath): void {
  validateVerbs(rule.verbs, errors, path.child('verbs'));
  const urls = rule.nonResourceURLs;
  const at = path.child('nonResourceURLs');
  validateList(urls, 'nonResourceURLs must contain at least one value', 'non-resource URLs', errors, at);
  if (urls.includes('*')) return;
  for (const [index, url] of urls.entries()) {
    const problem = pathProblem(url);
    if (problem !== undefined) errors.invalid(at.index(index), url, problem);
  }
}

function pathProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined;
}

function validateVerbs(verbs: readonly string[], errors: FieldErrors, path: FieldPath): void {
  validateList(verbs, 'verbs must contain at least one value', 'verbs', errors, path);
  if (verbs.length === 0 || verbs.includes('*') || verbs.every((verb) => knownVerbs.includes(verb))) return;
  errors.notSupported(path, verbs, knownVerbs);
}

/** A list that has something, and nothing beside `*`. */
function validateList(
  list: readonly string[],
  whenEmpty: string,
  what: string,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (list.length === 0) errors.required(path, whenEmpty);
  else validateLonely(list, what, errors, path);
}

function validateLonely(list: readonly string[], what: string, errors: FieldErrors, path: FieldPath): void {
  if (list.length < 2 || !list.includes('*')) return;
  errors.invalid(path, list, `if '*' is present, must not specify other ${what}`);
}
