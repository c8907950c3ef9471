import type { Client, ResourceClient, TypedResource } from '#client';
import { isStatusError, parseApiVersion, type KubeObject, type OwnerReference, type Resource } from '#machinery';
import type { Identity } from './graph.ts';

/** Finds objects of any kind by what owner references say of them. */
export class AnyResource {
  readonly #client: Client;
  readonly #resources: () => readonly Resource[];

  constructor(client: Client, resources: () => readonly Resource[]) {
    this.#client = client;
    this.#resources = resources;
  }

  /** The calls on the kind's resource, in the namespace where it has one; undefined when no such kind is served. */
  callsFor(identity: Pick<Identity, 'apiVersion' | 'kind' | 'namespace'>): ResourceClient<KubeObject> | undefined {
    const { group } = parseApiVersion(identity.apiVersion);
    const resource = this.#resources().find((one) => one.group === group && one.kindName === identity.kind);
    if (!resource) return undefined;
    // What the garbage collector reads is what all kinds have.
    const calls = this.#client.of<KubeObject>(resource as TypedResource<KubeObject>);
    return resource.namespaced ? calls.in(identity.namespace) : calls;
  }

  /** The object as the server has it; undefined when it is gone or another one has its name. Throws when that cannot be told. */
  async read(identity: Identity): Promise<KubeObject | undefined> {
    const calls = this.callsFor(identity);
    if (!calls) throw new Error(`no resource for ${identity.apiVersion} ${identity.kind}`);
    try {
      const object = await calls.get(identity.name);
      return object.metadata.uid === identity.uid ? object : undefined;
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /** The owner that an object in this namespace refers to. */
  readOwner({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): Promise<KubeObject | undefined> {
    return this.read({ apiVersion, kind, name, uid, namespace });
  }
}
