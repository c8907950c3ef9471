import { isDns1123Subdomain } from '#machinery';
import { forbiddenError, type Attributes, type Authorizer } from '../authz/attributes.ts';
import type { RequestInfo } from '../http/request-info.ts';
import type { UserInfo } from '../registry/rest.ts';
import { allAuthenticated, allUnauthenticated, anonymous, serviceAccountGroups, splitServiceAccount } from './users.ts';

/** Whom somebody wants to be, as the headers say. */
export interface WantedUser {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, string[]>>;
}

/** Who wants to be whom, for which request. */
export interface Impersonation {
  readonly user: UserInfo;
  readonly wanted: WantedUser;
  readonly info: RequestInfo;
  readonly authorizer: Authorizer;
}

/** A way to act as somebody else: undefined where it is none for this, Forbidden where it is not allowed. */
export type Mode = (impersonation: Impersonation) => UserInfo | undefined;

const authenticationGroup = 'authentication.k8s.io';
const nodePrefix = 'system:node:';
const nodesGroup = 'system:nodes';
const mastersGroup = 'system:masters';
const nodeNameKey = 'authentication.kubernetes.io/node-name';
const associatedKeys = 'authentication.kubernetes.io/associated-node-keys';

/**
 * All ways, the narrow ones first (KEP-5284): they need one right for the request, `impersonate-on:<mode>:<verb>`, and one for
 * whom is acted as, `impersonate:<mode>`. The last is as old as Kubernetes: `impersonate`, whatever is asked for then.
 */
export const impersonationModes: readonly Mode[] = [
  constrained('associated-node', isOwnNode, asAnyNode),
  constrained('arbitrary-node', ({ wanted }) => isNameOnly(wanted) && nodeNameOf(wanted.name) !== undefined),
  constrained('serviceaccount', ({ wanted }) => isNameOnly(wanted) && splitServiceAccount(wanted.name) !== undefined),
  constrained('user-info', ({ wanted: { name } }) => !nodeNameOf(name) && !splitServiceAccount(name)),
  (impersonation) => checked(impersonation, 'impersonate', false),
];

function constrained(
  mode: string,
  applies: (impersonation: Impersonation) => boolean,
  narrowed: (impersonation: Impersonation, verb: string) => Impersonation = (impersonation) => impersonation,
): Mode {
  const verb = `impersonate:${mode}`;
  return (impersonation) => {
    if (!applies(impersonation)) return undefined;
    const asked = narrowed(impersonation, verb);
    const { user, info } = asked;
    mustBeAllowed(asked, { ...info, user, verb: `impersonate-on:${mode}:${info.verb}` });
    return checked(asked, verb, true);
  };
}

/** A service account of a pod may ask to be the node that the pod is on. */
function isOwnNode({ user, wanted }: Impersonation): boolean {
  const node = nodeNameOf(wanted.name);
  const own = user.extra?.[nodeNameKey] ?? [];
  const isAccount = splitServiceAccount(user.name) !== undefined;
  return isNameOnly(wanted) && node !== undefined && isAccount && own.length === 1 && own[0] === node;
}

/** Which of its nodes the account is on is settled: the right is one to all of them. */
function asAnyNode(impersonation: Impersonation, verb: string): Impersonation {
  const { user, authorizer } = impersonation;
  const authorize = (attributes: Attributes): ReturnType<Authorizer['authorize']> =>
    authorizer.authorize(attributes.verb === verb ? { ...attributes, name: '*' } : attributes);
  const extra = { [associatedKeys]: Object.keys(user.extra ?? {}).sort() };
  return { ...impersonation, user: { ...user, extra }, authorizer: { authorize } };
}

/** Every part of whom is wanted is authorized on its own. */
function checked(impersonation: Impersonation, verb: string, isConstrained: boolean): UserInfo {
  const { user, wanted } = impersonation;
  const ask = (wish: Partial<Attributes>): Attributes => ({ ...noAttributes, user, verb, ...wish });
  const group = isConstrained ? authenticationGroup : '';
  const named = subjectOf(wanted.name, isConstrained);
  mustBeAllowed(impersonation, ask({ group, ...named.wish }));
  const { uid } = wanted;
  if (uid) mustBeAllowed(impersonation, ask({ group: authenticationGroup, resource: 'uids', name: uid }));
  checkGroups(impersonation, ask({ group, resource: 'groups' }), isConstrained);
  checkExtra(impersonation, ask({ group: authenticationGroup, resource: 'userextras' }), isConstrained);
  const groups = wanted.groups.length === 0 ? named.groups : wanted.groups;
  return {
    name: wanted.name,
    ...(uid && { uid }),
    groups: withEveryone(wanted.name, groups),
    extra: { ...wanted.extra },
  };
}

const noAttributes = {
  isResourceRequest: true,
  path: '',
  group: '',
  version: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
};

interface Subject {
  readonly wish: Pick<Attributes, 'resource' | 'namespace' | 'name'>;
  /** Those that come with the name. */
  readonly groups: readonly string[];
}

function subjectOf(name: string, isConstrained: boolean): Subject {
  const node = isConstrained ? nodeNameOf(name) : undefined;
  if (node !== undefined) return { wish: { resource: 'nodes', namespace: '', name: node }, groups: [nodesGroup] };
  const account = splitServiceAccount(name);
  if (!account) return { wish: { resource: 'users', namespace: '', name }, groups: [] };
  return { wish: { resource: 'serviceaccounts', ...account }, groups: serviceAccountGroups(account.namespace) };
}

function checkGroups(impersonation: Impersonation, asked: Attributes, isConstrained: boolean): void {
  const { groups } = impersonation.wanted;
  if (isConstrained && groups.includes(mastersGroup)) {
    const why = 'impersonating the system:masters group is not allowed';
    throw forbiddenError({ ...asked, name: mastersGroup }, why);
  }
  for (const name of groups) mustBeAllowed(impersonation, { ...asked, name });
}

function checkExtra(impersonation: Impersonation, asked: Attributes, isConstrained: boolean): void {
  for (const [key, values] of Object.entries(impersonation.wanted.extra)) {
    const why = isConstrained ? problemOfExtra(key, values) : undefined;
    if (why) throw forbiddenError(asked, why);
    for (const name of values) mustBeAllowed(impersonation, { ...asked, subresource: key, name });
  }
}

function problemOfExtra(key: string, values: readonly string[]): string | undefined {
  if (key === '') return 'impersonating the empty string key in extra is not allowed';
  const [domain = '', ...path] = key.split('/');
  if (path.join('/') === '' || isDns1123Subdomain(domain).length > 0) {
    const why = `extra.key: Invalid value: ${JSON.stringify(key)}: must be a domain-prefixed path (such as "acme.io/foo")`;
    return `impersonating an invalid key in extra is not allowed: ${why}`;
  }
  if (key !== key.toLowerCase())
    return `impersonating a non-lowercase key in extra is not allowed: ${JSON.stringify(key)}`;
  return values.length === 0 ? 'impersonating empty values in extra is not allowed' : undefined;
}

function mustBeAllowed({ authorizer }: Impersonation, attributes: Attributes): void {
  const { allowed, reason } = authorizer.authorize(attributes);
  if (!allowed) throw forbiddenError(attributes, reason);
}

function isNameOnly({ uid, groups, extra }: WantedUser): boolean {
  return uid === '' && groups.length === 0 && Object.keys(extra).length === 0;
}

function nodeNameOf(user: string): string | undefined {
  const name = user.startsWith(nodePrefix) ? user.slice(nodePrefix.length) : '';
  return name !== '' && isDns1123Subdomain(name).length === 0 ? name : undefined;
}

function withEveryone(name: string, groups: readonly string[]): string[] {
  const isAnonymous = name === anonymous.name;
  const everyone = isAnonymous ? allUnauthenticated : allAuthenticated;
  const isTold = groups.includes(everyone) || (!isAnonymous && groups.includes(allUnauthenticated));
  return isTold ? [...groups] : [...groups, everyone];
}
