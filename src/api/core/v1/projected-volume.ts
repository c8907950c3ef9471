import { bool, inlined, int32, int64, list, map, message, of, pointer, required, string } from '#machinery';
import { ObjectFieldSelector, ResourceFieldSelector } from './env.ts';
import { LocalObjectReference } from './references.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class KeyToPath extends message('A key, and the file it becomes.', {
  key: required(string(1, 'The key.')),
  path: required(string(2, "The file, relative to the volume's root.")),
  mode: pointer(int32(3, "The file's mode, such as 0644; the volume's default otherwise.")),
}) {}

export class ConfigMapVolumeSource extends message('The values of a ConfigMap as files. They follow its changes.', {
  ...inlined(1, LocalObjectReference),
  items: list(2, 'Which keys become which files; all, under their own names, by default.', KeyToPath),
  defaultMode: pointer(int32(3, 'The mode of files; 0644 by default.')),
  optional: pointer(bool(4, 'Whether the ConfigMap or a key may be missing.')),
}) {}

export class SecretVolumeSource extends message(
  'The values of a Secret as files, held in memory. They follow its changes.',
  {
    secretName: string(1, "The Secret's name."),
    items: list(2, 'Which keys become which files; all, under their own names, by default.', KeyToPath),
    defaultMode: pointer(int32(3, 'The mode of files; 0644 by default.')),
    optional: pointer(bool(4, 'Whether the Secret or a key may be missing.')),
  },
) {}

export class DownwardAPIVolumeFile extends message('A file that tells something of the pod.', {
  path: required(string(1, "The file, relative to the volume's root.", { minLength: 0 })),
  fieldRef: pointer(of(2, 'The field of the pod that it tells.', ObjectFieldSelector)),
  resourceFieldRef: pointer(of(3, 'The request or limit of a container that it tells.', ResourceFieldSelector)),
  mode: pointer(int32(4, "The file's mode; the volume's default otherwise.")),
}) {}

export class DownwardAPIVolumeSource extends message(
  'Facts of the pod as files. Labels and annotations follow their changes.',
  {
    items: list(1, 'The files.', DownwardAPIVolumeFile),
    defaultMode: pointer(int32(2, 'The mode of files; 0644 by default.')),
  },
) {}

export class ConfigMapProjection extends message('The values of a ConfigMap, among the files of a projected volume.', {
  ...inlined(1, LocalObjectReference),
  items: list(2, 'Which keys become which files; all, under their own names, by default.', KeyToPath),
  optional: pointer(bool(4, 'Whether the ConfigMap or a key may be missing.')),
}) {}

export class SecretProjection extends message('The values of a Secret, among the files of a projected volume.', {
  ...inlined(1, LocalObjectReference),
  items: list(2, 'Which keys become which files; all, under their own names, by default.', KeyToPath),
  optional: pointer(bool(4, 'Whether the Secret or a key may be missing.')),
}) {}

export class DownwardAPIProjection extends message('Facts of the pod, among the files of a projected volume.', {
  items: list(1, 'The files.', DownwardAPIVolumeFile),
}) {}

export class ServiceAccountTokenProjection extends message(
  "A token of the pod's service account, renewed before it ends.",
  {
    audience: string(1, 'Whom the token is for; the API server by default.'),
    expirationSeconds: pointer(int64(2, 'How long a token is valid; an hour by default, ten minutes at least.')),
    path: required(string(3, "The file, relative to the volume's root.", { minLength: 0 })),
  },
) {}

export class ClusterTrustBundleProjection extends message('The certificates of trust bundles, in one file.', {
  name: pointer(string(1, 'One bundle by its name.')),
  signerName: pointer(string(2, 'All bundles of a signer.')),
  labelSelector: pointer(of(3, "Which of the signer's bundles.", LabelSelector)),
  optional: pointer(bool(5, 'Whether there may be no bundle.')),
  path: required(string(4, "The file, relative to the volume's root.")),
}) {}

export class PodCertificateProjection extends message(
  'A private key and a certificate for the pod, renewed before it ends.',
  {
    signerName: required(string(1, 'Who signs the certificate.', { emitEmpty: false })),
    keyType: required(
      string(2, 'The kind of key: `RSA3072`, `ECDSAP256`, `ED25519` and so on.', { emitEmpty: false, minLength: 0 }),
    ),
    maxExpirationSeconds: pointer(int32(3, 'The longest time that the certificate may be valid.')),
    credentialBundlePath: string(4, 'The file of key and certificate chain together.'),
    keyPath: string(5, 'The file of the key.'),
    certificateChainPath: string(6, 'The file of the certificate chain.'),
    userAnnotations: map(7, 'What the signer is told besides.', string(0, '')),
  },
) {}

export class VolumeProjection extends message('One source of files; exactly one of these.', {
  secret: pointer(of(1, 'The values of a Secret.', SecretProjection)),
  downwardAPI: pointer(of(2, 'Facts of the pod.', DownwardAPIProjection)),
  configMap: pointer(of(3, 'The values of a ConfigMap.', ConfigMapProjection)),
  serviceAccountToken: pointer(of(4, "A token of the pod's service account.", ServiceAccountTokenProjection)),
  clusterTrustBundle: pointer(of(5, 'Certificates of trust bundles.', ClusterTrustBundleProjection)),
  podCertificate: pointer(of(6, 'A certificate for the pod.', PodCertificateProjection)),
}) {}

export class ProjectedVolumeSource extends message('Files of several sources in one directory.', {
  sources: list(1, 'The sources.', VolumeProjection, { emitEmpty: true }),
  defaultMode: pointer(int32(2, 'The mode of files; 0644 by default.')),
}) {}
