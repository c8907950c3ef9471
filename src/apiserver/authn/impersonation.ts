import { badRequest } from '#machinery';
import { forbiddenError, type Attributes, type Authorizer } from '../authz/attributes.ts';
import type { UserInfo } from '../registry/rest.ts';
import { allAuthenticated, allUnauthenticated, anonymous, serviceAccountGroups, splitServiceAccount } from './users.ts';

/** One thing that somebody wants to be: a user, a group, an extra value, a uid. */
interface Wish {
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const authenticationGroup = 'authentication.k8s.io';
const extraPrefix = 'impersonate-extra-';

/**
 * The user that the Impersonate-* headers ask to act as; `user` itself where there are none. Every part is authorized
 * on its own. Throws BadRequest or Forbidden. See `apiserver/pkg/endpoints/filters/impersonation`.
 */
export function impersonate(user: UserInfo, headers: Headers, authorizer: Authorizer): UserInfo {
  if (!asksToImpersonate(headers)) return user;
  const name = values(headers['impersonate-user'])[0];
  const groups = values(headers['impersonate-group']);
  const uid = values(headers['impersonate-uid'])[0];
  const extra = extraOf(headers);
  if (!name) {
    if (groups.length === 0 && !uid && Object.keys(extra).length === 0) return user;
    throw badRequest(`requested ${JSON.stringify({ groups, uid, extra })} without impersonating a user`);
  }
  for (const wish of wishes(name, groups, extra, uid)) {
    const attributes: Attributes = {
      user,
      verb: 'impersonate',
      isResourceRequest: true,
      path: '',
      version: '',
      ...wish,
    };
    const decision = authorizer.authorize(attributes);
    if (!decision.allowed) throw forbiddenError(attributes, decision.reason);
  }
  return { name, ...(uid && { uid }), groups: groupsOf(name, groups), extra };
}

function asksToImpersonate(headers: Headers): boolean {
  for (const header in headers) if (header.startsWith('impersonate-')) return true;
  return false;
}

function* wishes(name: string, groups: string[], extra: Record<string, string[]>, uid?: string): Generator<Wish> {
  const wish = { group: '', subresource: '', namespace: '' };
  const account = splitServiceAccount(name);
  if (account) yield { ...wish, resource: 'serviceaccounts', ...account };
  else yield { ...wish, resource: 'users', name };
  for (const group of groups) yield { ...wish, resource: 'groups', name: group };
  for (const [subresource, all] of Object.entries(extra)) {
    for (const value of all) {
      yield { ...wish, group: authenticationGroup, resource: 'userextras', subresource, name: value };
    }
  }
  if (uid) yield { ...wish, group: authenticationGroup, resource: 'uids', name: uid };
}

function groupsOf(name: string, asked: string[]): string[] {
  const account = splitServiceAccount(name);
  const groups = asked.length === 0 && account ? serviceAccountGroups(account.namespace) : [...asked];
  const isAnonymous = name === anonymous.name;
  const told = groups.includes(allUnauthenticated) || (!isAnonymous && groups.includes(allAuthenticated));
  return told ? groups : [...groups, isAnonymous ? allUnauthenticated : allAuthenticated];
}

function extraOf(headers: Headers): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (header.startsWith(extraPrefix)) extra[unescape(header.slice(extraPrefix.length))] = values(value);
  }
  return extra;
}

function unescape(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key; // recorded as it came, as upstream does
  }
}

/** Node joins repeated headers with a comma. */
function values(header: string | string[] | undefined): string[] {
  if (header === undefined) return [];
  return [header]
    .flat()
    .flatMap((one) => one.split(',').map((part) => part.trim()))
    .filter((part) => part !== '');
}
