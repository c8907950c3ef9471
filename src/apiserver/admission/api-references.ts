import type { Container, Pod, Volume } from '#api';

/** The first kind of API object that a pod needs, in upstream's words (`HasAPIObjectReference` of `pkg/api/pod`). */
export function apiReferenceOf(pod: Pod): string | undefined {
  const { spec } = pod;
  const { volumes = [] } = spec;
  if (spec.serviceAccountName) return 'serviceaccounts';
  if (readsSecrets(pod)) return 'secrets';
  if (containersOf(pod).some(readsConfigMap) || volumes.some(readsConfigMapFile)) return 'configmaps';
  if (spec.resourceClaims?.length) return 'resourceclaims';
  return volumes.map(referenceOfVolume).find((found) => found !== undefined);
}

/** Whether a pod needs any secret, for its environment, its files, its volumes or its images. */
export function readsSecrets(pod: Pod): boolean {
  const { imagePullSecrets = [], volumes = [] } = pod.spec;
  return imagePullSecrets.length > 0 || containersOf(pod).some(readsSecret) || volumes.some(readsSecretFile);
}

function containersOf({ spec }: Pod): WithEnv[] {
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
}

type WithEnv = Pick<Container, 'env' | 'envFrom'>;

function readsSecret({ env = [], envFrom = [] }: WithEnv): boolean {
  return env.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom.some(({ secretRef }) => secretRef);
}

function readsConfigMap({ env = [], envFrom = [] }: WithEnv): boolean {
  return env.some(({ valueFrom }) => valueFrom?.configMapKeyRef) || envFrom.some(({ configMapRef }) => configMapRef);
}

function readsSecretFile(volume: Volume): boolean {
  const { azureFile, cephfs, cinder, csi, flexVolume, iscsi, projected, rbd, scaleIO, secret, storageos } = volume;
  if (azureFile || secret || csi?.nodePublishSecretRef) return true;
  if (projected?.sources?.some((source) => source.secret)) return true;
  return [cephfs, cinder, flexVolume, iscsi, rbd, scaleIO, storageos].some((one) => one?.secretRef);
}

function readsConfigMapFile({ configMap, projected }: Volume): boolean {
  return configMap !== undefined || (projected?.sources ?? []).some((source) => source.configMap);
}

function referenceOfVolume(volume: Volume): string | undefined {
  if (volume.csi) return 'csidrivers (via CSI volumes)';
  if (volume.glusterfs) return 'endpoints (via glusterFS volumes)';
  if (volume.persistentVolumeClaim) return 'persistentvolumeclaims';
  if (volume.ephemeral) return 'persistentvolumeclaims (via ephemeral volumes)';
  for (const source of volume.projected?.sources ?? []) {
    if (source.serviceAccountToken) return 'serviceaccounts (via projected volumes)';
    if (source.clusterTrustBundle) return 'clustertrustbundles';
    if (source.podCertificate) return 'podcertificates';
  }
  return undefined;
}
