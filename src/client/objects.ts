import type { KubeObject } from '#machinery';
import type { ListResult } from './client.ts';
import type { ApiResource } from './request.ts';

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
