import type { PersistentVolume, VolumeAttachment } from '#api';
import { joinKey } from '#machinery';
import type { NodeGraph } from './node-graph.ts';

/** What volumes bring into reach of the nodes whose pods use their claims (`plugin/pkg/auth/authorizer/node/graph.go`). */
export class VolumeGraph {
  readonly #pods: NodeGraph;
  readonly #volumes = new Map<string, PersistentVolume>();
  /** `ns/name` of a secret → the volumes that need it. */
  readonly #secrets = new Map<string, Set<PersistentVolume>>();
  readonly #attachments = new Map<string, string>();

  constructor(pods: NodeGraph) {
    this.#pods = pods;
  }

  volumeChanged(old: PersistentVolume | undefined, now: PersistentVolume | undefined): void {
    if (old) this.#forget(old);
    if (!now) return;
    this.#volumes.set(now.metadata.name ?? '', now);
    for (const secret of secretsOf(now)) {
      const known = this.#secrets.get(secret) ?? new Set();
      this.#secrets.set(secret, known.add(now));
    }
  }

  attachmentChanged(old: VolumeAttachment | undefined, now: VolumeAttachment | undefined): void {
    if (old) this.#attachments.delete(old.metadata.name ?? '');
    if (now) this.#attachments.set(now.metadata.name ?? '', now.spec.nodeName);
  }

  /** Whether a pod of `node` uses the claim that the volume is bound to. */
  needsVolume(node: string, name: string): boolean {
    const volume = this.#volumes.get(name);
    return volume !== undefined && this.#isUsedOn(node, volume);
  }

  /** Whether a volume that a pod of `node` uses is mounted with the secret. */
  needsSecret(node: string, namespace: string, name: string): boolean {
    const volumes = this.#secrets.get(joinKey(namespace, name)) ?? [];
    return [...volumes].some((volume) => this.#isUsedOn(node, volume));
  }

  /** Whether the attachment is to `node`. */
  needsAttachment(node: string, name: string): boolean {
    return this.#attachments.get(name) === node;
  }

  #isUsedOn(node: string, { spec: { claimRef } }: PersistentVolume): boolean {
    if (!claimRef) return false;
    return this.#pods.needs(node, 'persistentvolumeclaims', claimRef.namespace ?? '', claimRef.name ?? '');
  }

  #forget(volume: PersistentVolume): void {
    this.#volumes.delete(volume.metadata.name ?? '');
    for (const secret of secretsOf(volume)) {
      const known = this.#secrets.get(secret);
      known?.delete(volume);
      if (known?.size === 0) this.#secrets.delete(secret);
    }
  }
}

/** The secrets that a kubelet mounts a volume with; those for attaching and growing are for others (`pkg/api/persistentvolume/util.go`). */
function secretsOf({ spec }: PersistentVolume): string[] {
  const { azureFile, csi } = spec;
  const own = spec.claimRef?.namespace;
  const references = [
    ...[spec.cephfs, spec.cinder, spec.flexVolume, spec.rbd, spec.scaleIO, spec.iscsi, spec.storageos].map(
      (source) => source?.secretRef,
    ),
    azureFile && { name: azureFile.secretName, namespace: azureFile.secretNamespace || own },
    csi?.nodeStageSecretRef,
    csi?.nodePublishSecretRef,
    csi?.nodeExpandSecretRef,
  ];
  // A secret without a namespace lies where the claim lies.
  return references.flatMap((one) => (one?.name ? [joinKey(one.namespace || (own ?? ''), one.name)] : []));
}
