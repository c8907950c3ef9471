import type { Authorizer } from '../../authz/attributes.ts';
import type { Attributes, Lookup } from '../plugin.ts';

/** What one write of a node is judged by. */
export interface NodeWrite {
  readonly node: string;
  readonly attributes: Attributes;
  readonly lookup: Lookup;
  readonly authorizer: () => Authorizer;
}
