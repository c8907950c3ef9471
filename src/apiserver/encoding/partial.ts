import type { KubeMeta, KubeObject } from '#machinery';

export interface PartialObject {
  kind: 'PartialObjectMetadata';
  apiVersion: string;
  metadata: KubeMeta;
}

/** The metadata of an object, for clients that need no more. */
export function partialOf(object: Pick<KubeObject, 'metadata'>, version: string): PartialObject {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
}
