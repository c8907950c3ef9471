import { badRequest, StatusError } from '#machinery';
import type { Authorizer } from '../authz/attributes.ts';
import type { RequestInfo } from '../http/request-info.ts';
import type { UserInfo } from '../registry/rest.ts';
import { impersonationModes, type Impersonation, type WantedUser } from './impersonation-modes.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const extraPrefix = 'impersonate-extra-';

/**
 * The user that the Impersonate-* headers ask to act as; `user` itself where there are none. Who may not do it in any of the ways
 * that there are is told why the first did not let him. Throws BadRequest or Forbidden. See
 * `apiserver/pkg/endpoints/filters/impersonation`.
 */
export function impersonate(user: UserInfo, headers: Headers, info: RequestInfo, authorizer: Authorizer): UserInfo {
  const wanted = asksToImpersonate(headers) ? wantedUser(headers) : undefined;
  return wanted ? actAs({ user, wanted, info, authorizer }) : user;
}

function actAs(impersonation: Impersonation): UserInfo {
  let first: StatusError | undefined;
  for (const mode of impersonationModes) {
    try {
      const found = mode(impersonation);
      if (found) return found;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      first ??= error;
    }
  }
  throw first ?? new Error('all impersonation modes failed');
}

function wantedUser(headers: Headers): WantedUser | undefined {
  const name = values(headers['impersonate-user'])[0] ?? '';
  const groups = values(headers['impersonate-group']);
  const uid = values(headers['impersonate-uid'])[0] ?? '';
  const extra = extraOf(headers);
  if (name !== '') return { name, uid, groups, extra };
  if (groups.length === 0 && uid === '' && Object.keys(extra).length === 0) return undefined;
  throw badRequest(`requested ${goStruct({ uid, groups, extra })} without impersonating a user name`);
}

/** As Go prints the struct. */
function goStruct({ uid, groups, extra }: Omit<WantedUser, 'name'>): string {
  const list = (all: readonly string[]): string =>
    all.length === 0 ? '[]string(nil)' : `[]string{${all.map((one) => JSON.stringify(one)).join(', ')}}`;
  const entries = Object.entries(extra).map(([key, all]) => `${JSON.stringify(key)}:${list(all)}`);
  const map = entries.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${entries.join(', ')}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list(groups)}, Extra:${map}}`;
}

function asksToImpersonate(headers: Headers): boolean {
  for (const header in headers) if (header.startsWith('impersonate-')) return true;
  return false;
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
