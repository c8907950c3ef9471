import type { PolicyRule } from '../rules.ts';

/** A default cluster role, before its metadata. */
export interface RoleFacts {
  rules?: PolicyRule[];
  /** Labels beside the bootstrapping one. */
  labels?: Record<string, string>;
  /** Gathers the rules of the roles that carry this label. */
  aggregates?: string;
}

/** Verbs that only read. */
export const read = ['get', 'list', 'watch'];
/** Verbs that only write. */
export const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];
export const readWrite = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** A rule about resources; groups and resources may be given as one string with spaces, `core` being the group ''. */
export function rule(verbs: readonly string[] | string, groups: string, resources: string, names = ''): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: words(groups).map((group) => (group === 'core' ? '' : group)),
    resources: words(resources),
    ...(names !== '' && { resourceNames: words(names) }),
  };
}

/** A rule about reading paths. */
export function urls(paths: string): PolicyRule {
  return { verbs: ['get'], nonResourceURLs: words(paths) };
}

export const writeEvents = rule('create patch update', 'core events.k8s.io', 'events');

function words(list: readonly string[] | string): string[] {
  return typeof list === 'string' ? list.split(/\s+/).filter((word) => word !== '') : [...list];
}
