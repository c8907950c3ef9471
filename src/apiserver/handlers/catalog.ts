import type { Resource } from '#machinery';
import type { Answer, RequestContext, Rest, WriteOptions } from '../registry/rest.ts';

/** A resource that is answered and never stored: reviews. */
export interface VirtualRest {
  readonly resource: Resource;
  create(context: RequestContext, namespace: string, body: unknown, options: WriteOptions): Promise<Answer>;
}

/** Where the handlers find the resources: the registry's, and those that are only answered. */
export interface Catalog {
  readonly resources: readonly Resource[];
  /** Without a version, in the one that is stored. */
  rest(group: string, plural: string, version?: string): Rest | undefined;
  virtual(group: string, plural: string): VirtualRest | undefined;
}
