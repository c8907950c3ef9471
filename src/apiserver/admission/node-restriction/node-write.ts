import { notFound, type StatusError } from '#machinery';
import type { Authorizer } from '../../authz/attributes.ts';
import type { Attributes, Lookup } from '../plugin.ts';

/** What one write of a node is judged by. */
export interface NodeWrite {
  readonly node: string;
  readonly attributes: Attributes;
  readonly lookup: Lookup;
  readonly authorizer: () => Authorizer;
}

/** The caches that upstream looks into know a kind by the name of one object. */
export function notCached(what: 'pod' | 'node', name: string): StatusError {
  return notFound({ group: '', plural: what }, name);
}
