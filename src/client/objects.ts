import { fromGoForm, isObject, type KubeObject, type Status } from '#machinery';
import type { ListResult } from './client.ts';
import type { ApiResource, WatchEvent } from './request.ts';

/** The object with `apiVersion` and `kind` of its resource: typed code leaves them out. */
export function identified<T extends Partial<KubeObject>>(resource: ApiResource, object: T): T {
  if (object.apiVersion !== undefined && object.kind !== undefined) return object;
  return { ...object, apiVersion: resource.apiVersion, kind: resource.kindName };
}

interface RawList {
  metadata?: { resourceVersion?: string; continue?: string };
  items?: unknown[] | null;
}

/** What a `List` object holds. */
export function decodeList<T>(list: unknown): ListResult<T> {
  const { metadata = {}, items } = list as RawList; // a server's answer to a list call
  return {
    items: (items ?? []) as T[],
    resourceVersion: metadata.resourceVersion ?? '',
    ...(metadata.continue && { continue: metadata.continue }),
  };
}

/** Gives the items of a list that came over the wire the `apiVersion` and `kind` that the list alone carries. */
export function identifyItems(resource: ApiResource, list: unknown): unknown {
  const { items } = list as RawList;
  for (const item of items ?? []) {
    if (typeof item !== 'object' || item === null) continue;
    Object.assign(item, { apiVersion: resource.apiVersion, kind: resource.kindName, ...item });
  }
  return list;
}

/** An answer of a server, without the `null` that Go writes for lists and times that are not there. */
export function parseAnswer(resource: ApiResource, text: string): unknown {
  const answer: unknown = JSON.parse(text);
  if (!isObject(answer) || !text.includes('null')) return answer;
  const { items = [answer] } = answer;
  if (Array.isArray(items)) for (const item of items) fillIn(resource, item);
  return answer;
}

/** The same of a line of a watch. */
export function parseEvent(
  resource: ApiResource,
  line: string,
): WatchEvent<unknown> | { type: 'ERROR'; object: Status } {
  const event = JSON.parse(line) as WatchEvent<unknown>; // what a watch is made of
  if (line.includes('null')) fillIn(resource, event.object);
  return event;
}

/** A Status, a Scale or a token has a type of its own; items of lists do not tell theirs. */
function fillIn({ kind }: ApiResource, object: unknown): void {
  if (kind && isObject(object) && (object['kind'] ?? kind.name) === kind.name) fromGoForm(kind, object);
}
