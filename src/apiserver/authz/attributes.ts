import { forbidden, type StatusError } from '#machinery';
import type { UserInfo } from '../registry/rest.ts';

/** One question to the authorizers: may this user do this? */
export interface Attributes {
  user: UserInfo;
  verb: string;
  isResourceRequest: boolean;
  path: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** Of list, watch and deletecollection. */
  fieldSelector?: string;
}

/** The answer. Without an opinion the next authorizer is asked; when none allows, the request is forbidden. */
export interface Decision {
  allowed: boolean;
  reason: string;
}

export interface Authorizer {
  authorize(attributes: Attributes): Decision;
}

export const noOpinion: Decision = { allowed: false, reason: '' };

/** Attributes of a path that is no resource. */
export function pathAttributes(user: UserInfo, verb: string, path: string): Attributes {
  const none = { group: '', version: '', resource: '', subresource: '', namespace: '', name: '' };
  return { user, verb, isResourceRequest: false, path, ...none };
}

/** The 403 in upstream's words (`apiserver/pkg/endpoints/handlers/responsewriters/errors.go`). */
export function forbiddenError(attributes: Attributes, reason: string): StatusError {
  const { group, resource, name } = attributes;
  const message = escape(sentence(attributes));
  return forbidden({ group, plural: resource }, name, reason === '' ? message : `${message}: ${reason}`);
}

function sentence({
  user,
  verb,
  isResourceRequest,
  path,
  group,
  resource,
  subresource,
  namespace,
}: Attributes): string {
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (!isResourceRequest) return `${who} path ${JSON.stringify(path)}`;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`;
}

/** No answer may look like HTML. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
