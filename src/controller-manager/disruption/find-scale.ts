import { deployments, replicaSets, replicationControllers, statefulSets, type Scale as ScaleObject } from '#api';
import type { Client, InformerFactory, TypedResource } from '#client';
import {
  controllerOf,
  isStatusError,
  joinKey,
  parseApiVersion,
  uidOf,
  type KubeObject,
  type OwnerReference,
  type Resource,
} from '#machinery';
import type { FindScale, Scale } from './expected-pods.ts';

interface Scaled extends KubeObject {
  readonly spec: { replicas?: number };
}

/** Of an informer what is asked here. */
interface Source {
  readonly synced: Promise<void>;
  readonly lister: { get(key: string): Scaled | undefined };
}

interface Options {
  client: Client;
  informers: InformerFactory;
  /** The resources that are served. */
  resources: () => readonly Resource[];
}

/**
 * Finds how many pods a controller wants: those of the cluster's own kinds are read from listers, a Deployment's in place of
 * its ReplicaSet's; any other kind is asked for its scale.
 */
export class ScaleFinder {
  readonly #client: Client;
  readonly #resources: () => readonly Resource[];
  readonly #known: readonly { group: string; kindName: string; source: Source }[];

  constructor({ client, informers, resources }: Options) {
    this.#client = client;
    this.#resources = resources;
    this.#known = [
      { ...replicationControllers, source: informers.of(replicationControllers) },
      { ...deployments, source: informers.of(deployments) },
      { ...replicaSets, source: informers.of(replicaSets) },
      { ...statefulSets, source: informers.of(statefulSets) },
    ];
  }

  /** What has to be filled before anything can be found. */
  get sources(): readonly Source[] {
    return this.#known.map(({ source }) => source);
  }

  /** Throws when the kind is unknown or has no scale. */
  readonly find: FindScale = async (reference, namespace) => {
    const own = this.#listed(reference, namespace);
    const owner = own && controllerOf(own);
    const found = (owner && this.#listed(owner, namespace)) ?? own;
    return found ? { uid: uidOf(found), replicas: found.spec.replicas ?? 1 } : this.#asked(reference, namespace);
  };

  #listed({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): Scaled | undefined {
    const { group } = parseApiVersion(apiVersion);
    const known = this.#known.find((one) => one.group === group && one.kindName === kind);
    const object = known?.source.lister.get(joinKey(namespace, name));
    return object && uidOf(object) === uid ? object : undefined;
  }

  async #asked({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): Promise<Scale | undefined> {
    const resource = this.#resources().find((one) => one.apiVersion === apiVersion && one.kindName === kind);
    if (!resource)
      throw new Error(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
    const { group, plural, subresources } = resource;
    const shown = group === '' ? plural : `${plural}.${group}`;
    if (!subresources?.['scale']) throw new Error(`${shown} does not implement the scale subresource`);
    const calls = this.#client.of(resource as TypedResource<KubeObject>).in(namespace);
    try {
      const scale = await calls.subresource('scale').get<ScaleObject>(name);
      return scale.metadata.uid === uid ? { uid, replicas: scale.spec.replicas ?? 0 } : undefined;
    } catch (error) {
      if (isStatusError(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}
