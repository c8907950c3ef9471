import { keyOf, type KubeObject } from '#machinery';

interface NameRef {
  name?: string;
}

interface EnvLike {
  env?: { valueFrom?: { secretKeyRef?: NameRef; configMapKeyRef?: NameRef } }[];
  envFrom?: { secretRef?: NameRef; configMapRef?: NameRef }[];
}

interface VolumeLike {
  name?: string;
  ephemeral?: object;
  secret?: { secretName?: string };
  configMap?: NameRef;
  persistentVolumeClaim?: { claimName?: string };
  csi?: { nodePublishSecretRef?: NameRef };
  projected?: { sources?: { secret?: NameRef; configMap?: NameRef }[] };
}

interface ClaimRef {
  resourceClaimName?: string;
}

/** What the graph reads of a pod. */
export interface PodLike extends KubeObject {
  spec: {
    nodeName?: string;
    serviceAccountName?: string;
    imagePullSecrets?: NameRef[];
    volumes?: VolumeLike[];
    resourceClaims?: ClaimRef[];
    containers: EnvLike[];
    initContainers?: EnvLike[];
    ephemeralContainers?: EnvLike[];
  };
  status?: { resourceClaimStatuses?: ClaimRef[]; extendedResourceClaimStatus?: ClaimRef };
}

/** Which node needs which objects, because a pod bound to it refers to them (`plugin/pkg/auth/authorizer/node/graph.go`). */
export class NodeGraph {
  /** node → `secrets/ns/name` → how many of its pods need it. */
  readonly #needs = new Map<string, Map<string, number>>();

  /** Takes a change of a pod in. */
  changed(old: PodLike | undefined, now: PodLike | undefined): void {
    if (old && now && old.spec === now.spec && madeClaims(old).join() === madeClaims(now).join()) return;
    if (old) this.#count(old, -1);
    if (now) this.#count(now, 1);
  }

  /** Whether a pod of `node` refers to the object, or is it (`plural` 'pods'). */
  needs(node: string, plural: string, namespace: string, name: string): boolean {
    return this.#needs.get(node)?.has(`${plural}/${namespace}/${name}`) ?? false;
  }

  #count(pod: PodLike, by: 1 | -1): void {
    const node = pod.spec.nodeName;
    if (!node) return;
    const counts = this.#needs.get(node) ?? new Map<string, number>();
    this.#needs.set(node, counts);
    for (const reference of referencesOf(pod)) {
      const count = (counts.get(reference) ?? 0) + by;
      if (count > 0) counts.set(reference, count);
      else counts.delete(reference);
    }
    if (counts.size === 0) this.#needs.delete(node);
  }
}

/** Each object that the pod's node must read for it, once. */
export function referencesOf(pod: PodLike): Set<string> {
  const references = new Set([`pods/${keyOf(pod)}`]);
  // The kubelet makes mirror pods itself: they must not give it access to anything (upstream does the same).
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return references;
  const add = (plural: string, name: string | undefined): void => {
    if (name) references.add(`${plural}/${pod.metadata.namespace}/${name}`);
  };
  const { spec } = pod;
  add('serviceaccounts', spec.serviceAccountName);
  for (const { name } of spec.imagePullSecrets ?? []) add('secrets', name);
  for (const volume of spec.volumes ?? []) {
    addVolume(volume, add);
    // The claim that is made for the pod is named after both.
    if (volume.ephemeral) add('persistentvolumeclaims', `${pod.metadata.name ?? ''}-${volume.name ?? ''}`);
  }
  for (const { resourceClaimName } of spec.resourceClaims ?? []) add('resourceclaims', resourceClaimName);
  for (const name of madeClaims(pod)) add('resourceclaims', name);
  const containers = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
  for (const container of containers) addEnv(container, add);
  return references;
}

/** The resource claims that were made for the pod. */
function madeClaims({ status }: PodLike): (string | undefined)[] {
  const claims = [...(status?.resourceClaimStatuses ?? []), status?.extendedResourceClaimStatus];
  return claims.map((claim) => claim?.resourceClaimName);
}

type Add = (plural: string, name: string | undefined) => void;

function addVolume({ secret, configMap, persistentVolumeClaim, csi, projected }: VolumeLike, add: Add): void {
  add('secrets', secret?.secretName);
  add('configmaps', configMap?.name);
  add('persistentvolumeclaims', persistentVolumeClaim?.claimName);
  add('secrets', csi?.nodePublishSecretRef?.name);
  for (const source of projected?.sources ?? []) {
    add('secrets', source.secret?.name);
    add('configmaps', source.configMap?.name);
  }
}

function addEnv({ env, envFrom }: EnvLike, add: Add): void {
  for (const { valueFrom } of env ?? []) {
    add('secrets', valueFrom?.secretKeyRef?.name);
    add('configmaps', valueFrom?.configMapKeyRef?.name);
  }
  for (const { secretRef, configMapRef } of envFrom ?? []) {
    add('secrets', secretRef?.name);
    add('configmaps', configMapRef?.name);
  }
}
