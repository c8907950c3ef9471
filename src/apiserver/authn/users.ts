import type { UserInfo } from '../registry/rest.ts';

export const allAuthenticated = 'system:authenticated';
export const allUnauthenticated = 'system:unauthenticated';

/** Who asks without credentials. */
export const anonymous: UserInfo = { name: 'system:anonymous', groups: [allUnauthenticated] };

/** The API server itself: what it reads and writes on its own behalf. */
export const apiServerUser: UserInfo = { name: 'system:apiserver', groups: ['system:masters', allAuthenticated] };

/** Adds the group that every known user is in. */
export function authenticated(user: UserInfo): UserInfo {
  if (user.groups.includes(allAuthenticated) || user.groups.includes(allUnauthenticated)) return user;
  return { ...user, groups: [...user.groups, allAuthenticated] };
}

/** The groups of a service account. */
export function serviceAccountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** Splits `system:serviceaccount:<namespace>:<name>`; undefined for other names. */
export function splitServiceAccount(name: string): { namespace: string; name: string } | undefined {
  const match = /^system:serviceaccount:([a-z0-9](?:[-a-z0-9]*[a-z0-9])?):([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)$/.exec(
    name,
  );
  return match ? { namespace: match[1] ?? '', name: match[2] ?? '' } : undefined;
}
