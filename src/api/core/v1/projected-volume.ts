import { bool, inlined, int32, int64, list, map, message, of, pointer, required, string } from '#machinery';
import { ObjectFieldSelector, ResourceFieldSelector } from './env.ts';
import { LocalObjectReference } from './references.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class KeyToPath extends message('KeyToPath.', {
  key: required(string(1, 'The key.')),
  path: required(string(2, 'The path.')),
  mode: pointer(int32(3, 'The mode.')),
}) {}

export class ConfigMapVolumeSource extends message('ConfigMapVolumeSource.', {
  ...inlined(1, LocalObjectReference),
  items: list(2, 'The items.', KeyToPath),
  defaultMode: pointer(int32(3, 'The default mode.')),
  optional: pointer(bool(4, 'The optional.')),
}) {}

export class SecretVolumeSource extends message('SecretVolumeSource.', {
  secretName: string(1, 'The secret name.'),
  items: list(2, 'The items.', KeyToPath),
  defaultMode: pointer(int32(3, 'The default mode.')),
  optional: pointer(bool(4, 'The optional.')),
}) {}

export class DownwardAPIVolumeFile extends message('DownwardAPIVolumeFile.', {
  path: required(string(1, 'The path.')),
  fieldRef: pointer(of(2, 'The field ref.', ObjectFieldSelector)),
  resourceFieldRef: pointer(of(3, 'The resource field ref.', ResourceFieldSelector)),
  mode: pointer(int32(4, 'The mode.')),
}) {}

export class DownwardAPIVolumeSource extends message('DownwardAPIVolumeSource.', {
  items: list(1, 'The items.', DownwardAPIVolumeFile),
  defaultMode: pointer(int32(2, 'The default mode.')),
}) {}

export class ConfigMapProjection extends message('ConfigMapProjection.', {
  ...inlined(1, LocalObjectReference),
  items: list(2, 'The items.', KeyToPath),
  optional: pointer(bool(4, 'The optional.')),
}) {}

export class SecretProjection extends message('SecretProjection.', {
  ...inlined(1, LocalObjectReference),
  items: list(2, 'The items.', KeyToPath),
  optional: pointer(bool(4, 'The optional.')),
}) {}

export class DownwardAPIProjection extends message('DownwardAPIProjection.', {
  items: list(1, 'The items.', DownwardAPIVolumeFile),
}) {}

export class ServiceAccountTokenProjection extends message('ServiceAccountTokenProjection.', {
  audience: string(1, 'The audience.'),
  expirationSeconds: pointer(int64(2, 'The expiration seconds.')),
  path: required(string(3, 'The path.')),
}) {}

export class ClusterTrustBundleProjection extends message('ClusterTrustBundleProjection.', {
  name: pointer(string(1, 'The name.')),
  signerName: pointer(string(2, 'The signer name.')),
  labelSelector: pointer(of(3, 'The label selector.', LabelSelector)),
  optional: pointer(bool(5, 'The optional.')),
  path: required(string(4, 'The path.')),
}) {}

export class PodCertificateProjection extends message('PodCertificateProjection.', {
  signerName: required(string(1, 'The signer name.', { emitEmpty: false })),
  keyType: required(string(2, 'The key type.', { emitEmpty: false })),
  maxExpirationSeconds: pointer(int32(3, 'The max expiration seconds.')),
  credentialBundlePath: string(4, 'The credential bundle path.'),
  keyPath: string(5, 'The key path.'),
  certificateChainPath: string(6, 'The certificate chain path.'),
  userAnnotations: map(7, 'The user annotations.', string(0, '')),
}) {}

export class VolumeProjection extends message('VolumeProjection.', {
  secret: pointer(of(1, 'The secret.', SecretProjection)),
  downwardAPI: pointer(of(2, 'The downward api.', DownwardAPIProjection)),
  configMap: pointer(of(3, 'The config map.', ConfigMapProjection)),
  serviceAccountToken: pointer(of(4, 'The service account token.', ServiceAccountTokenProjection)),
  clusterTrustBundle: pointer(of(5, 'The cluster trust bundle.', ClusterTrustBundleProjection)),
  podCertificate: pointer(of(6, 'The pod certificate.', PodCertificateProjection)),
}) {}

export class ProjectedVolumeSource extends message('ProjectedVolumeSource.', {
  sources: list(1, 'The sources.', VolumeProjection, { emitEmpty: true }),
  defaultMode: pointer(int32(2, 'The default mode.')),
}) {}
