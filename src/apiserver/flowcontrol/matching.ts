import type { FlowSchema } from '#api';
import type { RequestInfo } from '../http/request-info.ts';
import type { UserInfo } from '../registry/rest.ts';

/** What of a request decides where it goes. */
export type AskedFor = Pick<
  RequestInfo,
  'isResourceRequest' | 'path' | 'verb' | 'group' | 'resource' | 'subresource' | 'namespace'
>;

type Rule = NonNullable<FlowSchema['spec']['rules']>[number];
type ResourceRule = NonNullable<Rule['resourceRules']>[number];
type PathRule = NonNullable<Rule['nonResourceRules']>[number];
type Subject = Rule['subjects'][number];

/** Whether one of the schema's rules is about this request (`util/flowcontrol/rule.go`). */
export function matches({ spec }: FlowSchema, user: UserInfo, asked: AskedFor): boolean {
  return (spec.rules ?? []).some((rule) => matchesRule(rule, user, asked));
}

function matchesRule(
  { subjects, resourceRules = [], nonResourceRules = [] }: Rule,
  user: UserInfo,
  asked: AskedFor,
): boolean {
  const isAbout = asked.isResourceRequest
    ? resourceRules.some((rule) => matchesResource(rule, asked))
    : nonResourceRules.some((rule) => matchesPath(rule, asked));
  return isAbout && subjects.some((subject) => matchesSubject(subject, user));
}

function matchesSubject({ kind, user, group, serviceAccount }: Subject, { name, groups }: UserInfo): boolean {
  switch (kind) {
    case 'User':
      return user !== undefined && (user.name === '*' || user.name === name);
    case 'Group':
      return group !== undefined && (group.name === '*' || groups.includes(group.name));
    case 'ServiceAccount': {
      if (!serviceAccount) return false;
      const prefix = `system:serviceaccount:${serviceAccount.namespace}:`;
      return serviceAccount.name === '*' ? name.startsWith(prefix) : name === prefix + serviceAccount.name;
    }
  }
}

function matchesResource(rule: ResourceRule, { verb, group, resource, subresource, namespace }: AskedFor): boolean {
  const named = subresource === '' ? resource : `${resource}/${subresource}`;
  if (!holds(rule.verbs, verb) || !holds(rule.apiGroups, group) || !holds(rule.resources, named)) return false;
  return namespace === '' ? rule.clusterScope === true : holds(rule.namespaces ?? [], namespace);
}

function matchesPath({ verbs, nonResourceURLs }: PathRule, { verb, path }: AskedFor): boolean {
  return holds(verbs, verb) && nonResourceURLs.some((url) => url === '*' || url === path || isBelow(url, path));
}

/** A path stands for all below it, with a `*` at its end and without. */
function isBelow(url: string, path: string): boolean {
  return path.startsWith(`${url.replace(/\*$/, '').replace(/\/$/, '')}/`);
}

function holds(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}
