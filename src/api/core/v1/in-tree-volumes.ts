import { bool, int32, list, map, message, of, pointer, required, string } from '#machinery';
import { LocalObjectReference } from './references.ts';

export class NFSVolumeSource extends message('NFSVolumeSource.', {
  server: required(string(1, 'The server.')),
  path: required(string(2, 'The path.')),
  readOnly: bool(3, 'The read only.'),
}) {}

export class ISCSIVolumeSource extends message('ISCSIVolumeSource.', {
  targetPortal: required(string(1, 'The target portal.')),
  iqn: required(string(2, 'The iqn.')),
  lun: required(int32(3, 'The lun.')),
  iscsiInterface: string(4, 'The iscsi interface.', { default: 'default' }),
  fsType: string(5, 'The fs type.'),
  readOnly: bool(6, 'The read only.'),
  portals: list(7, 'The portals.', string(0, '')),
  chapAuthDiscovery: bool(8, 'The chap auth discovery.'),
  chapAuthSession: bool(11, 'The chap auth session.'),
  secretRef: pointer(of(10, 'The secret ref.', LocalObjectReference)),
  initiatorName: pointer(string(12, 'The initiator name.')),
}) {}

export class FCVolumeSource extends message('FCVolumeSource.', {
  targetWWNs: list(1, 'The target wwns.', string(0, '')),
  lun: pointer(int32(2, 'The lun.')),
  fsType: string(3, 'The fs type.'),
  readOnly: bool(4, 'The read only.'),
  wwids: list(5, 'The wwids.', string(0, '')),
}) {}

export class GlusterfsVolumeSource extends message('GlusterfsVolumeSource.', {
  endpoints: required(string(1, 'The endpoints.')),
  path: required(string(2, 'The path.')),
  readOnly: bool(3, 'The read only.'),
}) {}

export class RBDVolumeSource extends message('RBDVolumeSource.', {
  monitors: required(list(1, 'The monitors.', string(0, ''))),
  image: required(string(2, 'The image.')),
  fsType: string(3, 'The fs type.'),
  pool: string(4, 'The pool.', { default: 'rbd' }),
  user: string(5, 'The user.', { default: 'admin' }),
  keyring: string(6, 'The keyring.', { default: '/etc/ceph/keyring' }),
  secretRef: pointer(of(7, 'The secret ref.', LocalObjectReference)),
  readOnly: bool(8, 'The read only.'),
}) {}

export class CephFSVolumeSource extends message('CephFSVolumeSource.', {
  monitors: required(list(1, 'The monitors.', string(0, ''))),
  path: string(2, 'The path.'),
  user: string(3, 'The user.'),
  secretFile: string(4, 'The secret file.'),
  secretRef: pointer(of(5, 'The secret ref.', LocalObjectReference)),
  readOnly: bool(6, 'The read only.'),
}) {}

export class CinderVolumeSource extends message('CinderVolumeSource.', {
  volumeID: required(string(1, 'The volume id.')),
  fsType: string(2, 'The fs type.'),
  readOnly: bool(3, 'The read only.'),
  secretRef: pointer(of(4, 'The secret ref.', LocalObjectReference)),
}) {}

export class GCEPersistentDiskVolumeSource extends message('GCEPersistentDiskVolumeSource.', {
  pdName: required(string(1, 'The pd name.')),
  fsType: string(2, 'The fs type.'),
  partition: int32(3, 'The partition.'),
  readOnly: bool(4, 'The read only.'),
}) {}

export class AWSElasticBlockStoreVolumeSource extends message('AWSElasticBlockStoreVolumeSource.', {
  volumeID: required(string(1, 'The volume id.')),
  fsType: string(2, 'The fs type.'),
  partition: int32(3, 'The partition.'),
  readOnly: bool(4, 'The read only.'),
}) {}

export class AzureDiskVolumeSource extends message('AzureDiskVolumeSource.', {
  diskName: required(string(1, 'The disk name.')),
  diskURI: required(string(2, 'The disk uri.')),
  cachingMode: pointer(string(3, 'The caching mode.', { default: 'ReadWrite' })),
  fsType: pointer(string(4, 'The fs type.', { default: 'ext4' })),
  readOnly: pointer(bool(5, 'The read only.', { default: false })),
  kind: pointer(string(6, 'The kind.', { default: 'Shared' })),
}) {}

export class AzureFileVolumeSource extends message('AzureFileVolumeSource.', {
  secretName: required(string(1, 'The secret name.')),
  shareName: required(string(2, 'The share name.')),
  readOnly: bool(3, 'The read only.'),
}) {}

export class VsphereVirtualDiskVolumeSource extends message('VsphereVirtualDiskVolumeSource.', {
  volumePath: required(string(1, 'The volume path.')),
  fsType: string(2, 'The fs type.'),
  storagePolicyName: string(3, 'The storage policy name.'),
  storagePolicyID: string(4, 'The storage policy id.'),
}) {}

export class PhotonPersistentDiskVolumeSource extends message('PhotonPersistentDiskVolumeSource.', {
  pdID: required(string(1, 'The pd id.')),
  fsType: string(2, 'The fs type.'),
}) {}

export class PortworxVolumeSource extends message('PortworxVolumeSource.', {
  volumeID: required(string(1, 'The volume id.')),
  fsType: string(2, 'The fs type.'),
  readOnly: bool(3, 'The read only.'),
}) {}

export class ScaleIOVolumeSource extends message('ScaleIOVolumeSource.', {
  gateway: required(string(1, 'The gateway.')),
  system: required(string(2, 'The system.')),
  secretRef: required(pointer(of(3, 'The secret ref.', LocalObjectReference))),
  sslEnabled: bool(4, 'The ssl enabled.'),
  protectionDomain: string(5, 'The protection domain.'),
  storagePool: string(6, 'The storage pool.'),
  storageMode: string(7, 'The storage mode.', { default: 'ThinProvisioned' }),
  volumeName: string(8, 'The volume name.'),
  fsType: string(9, 'The fs type.', { default: 'xfs' }),
  readOnly: bool(10, 'The read only.'),
}) {}

export class StorageOSVolumeSource extends message('StorageOSVolumeSource.', {
  volumeName: string(1, 'The volume name.'),
  volumeNamespace: string(2, 'The volume namespace.'),
  fsType: string(3, 'The fs type.'),
  readOnly: bool(4, 'The read only.'),
  secretRef: pointer(of(5, 'The secret ref.', LocalObjectReference)),
}) {}

export class QuobyteVolumeSource extends message('QuobyteVolumeSource.', {
  registry: required(string(1, 'The registry.')),
  volume: required(string(2, 'The volume.')),
  readOnly: bool(3, 'The read only.'),
  user: string(4, 'The user.'),
  group: string(5, 'The group.'),
  tenant: string(6, 'The tenant.'),
}) {}

export class FlockerVolumeSource extends message('FlockerVolumeSource.', {
  datasetName: string(1, 'The dataset name.'),
  datasetUUID: string(2, 'The dataset uuid.'),
}) {}

export class FlexVolumeSource extends message('FlexVolumeSource.', {
  driver: required(string(1, 'The driver.')),
  fsType: string(2, 'The fs type.'),
  secretRef: pointer(of(3, 'The secret ref.', LocalObjectReference)),
  readOnly: bool(4, 'The read only.'),
  options: map(5, 'The options.', string(0, '')),
}) {}

export class GitRepoVolumeSource extends message('GitRepoVolumeSource.', {
  repository: required(string(1, 'The repository.')),
  revision: string(2, 'The revision.'),
  directory: string(3, 'The directory.'),
}) {}
