import type { KubeObject, Resource } from '#machinery';
import type { UserInfo } from '../registry/rest.ts';

/** One write on its way, as an admission plugin sees it (`admission.Attributes`). */
export interface Attributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly resource: Resource<KubeObject>;
  /** '' for the object itself. */
  readonly subresource: string;
  readonly namespace: string;
  /** Empty while `generateName` has not made one. */
  readonly name: string;
  /** The write's own copy; only mutating plugins change it. Absent for DELETE. */
  readonly object?: KubeObject;
  readonly old?: KubeObject;
  readonly user: UserInfo;
  readonly dryRun: boolean;
}

/** Reads what other resources hold; '' is the namespace of cluster-scoped objects. */
export interface Lookup {
  /** As the cache has it, which may lag a little. */
  cached(resource: { group: string; plural: string }, namespace: string, name: string): KubeObject | undefined;
  /** All objects of a resource, or those of one namespace, as the cache has them. */
  list(resource: { group: string; plural: string }, namespace?: string): readonly KubeObject[];
  /** As it is. */
  read(resource: { group: string; plural: string }, namespace: string, name: string): Promise<KubeObject | undefined>;
}

/** A judge of writes. It throws a StatusError to refuse one. */
export interface AdmissionPlugin {
  /** Upstream's name of the plugin. */
  readonly name: string;
  /** May change `attributes.object`. */
  mutate?(attributes: Attributes): void | Promise<void>;
  /** Sees the object as it will be stored. */
  validate?(attributes: Attributes): void | Promise<void>;
}

/** Whether a write is to this resource: to the object itself, or to a subresource. */
export function isOf(
  { resource, subresource }: Attributes,
  { group, plural }: Pick<Resource, 'group' | 'plural'>,
  wanted = '',
): boolean {
  return resource.group === group && resource.plural === plural && subresource === wanted;
}
