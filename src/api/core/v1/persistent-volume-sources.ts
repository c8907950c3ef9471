import { bool, int32, list, map, message, of, pointer, required, string } from '#machinery';
import { ObjectReference, SecretReference } from './references.ts';

export class GlusterfsPersistentVolumeSource extends message('A Gluster volume. No longer mounted.', {
  endpoints: required(string(1, 'The Endpoints of the Gluster cluster.')),
  path: required(string(2, "The volume's name.")),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
  endpointsNamespace: pointer(string(4, "The namespace of the Endpoints; the claim's by default.")),
}) {}

export class RBDPersistentVolumeSource extends message('A Ceph block device. No longer mounted.', {
  monitors: required(list(1, 'The addresses of the Ceph monitors.', string(0, ''))),
  image: required(string(2, "The image's name.")),
  fsType: string(3, 'The file system of the device.'),
  pool: string(4, 'The pool that has the image.', { default: 'rbd' }),
  user: string(5, 'The user to log in as.', { default: 'admin' }),
  keyring: string(6, 'The file with the keys.', { default: '/etc/ceph/keyring' }),
  secretRef: pointer(of(7, 'The Secret with the key, instead of the file.', SecretReference)),
  readOnly: bool(8, 'Whether it is mounted read-only.'),
}) {}

export class ISCSIPersistentVolumeSource extends message('An iSCSI disk.', {
  targetPortal: required(string(1, "The target's address, with the port where it is not 3260.")),
  iqn: required(string(2, "The target's qualified name.")),
  lun: required(int32(3, "The disk's number.")),
  iscsiInterface: string(4, 'The interface it is reached through.', { default: 'default' }),
  fsType: string(5, 'The file system of the disk.'),
  readOnly: bool(6, 'Whether it is mounted read-only.'),
  portals: list(7, 'Further addresses of the target.', string(0, '')),
  chapAuthDiscovery: bool(8, 'Whether discovery needs CHAP.'),
  chapAuthSession: bool(11, 'Whether sessions need CHAP.'),
  secretRef: pointer(of(10, 'The Secret with the CHAP credentials.', SecretReference)),
  initiatorName: pointer(string(12, 'The name that the initiator takes.')),
}) {}

export class CinderPersistentVolumeSource extends message('An OpenStack disk, served by its CSI driver.', {
  volumeID: required(string(1, "The disk's id.")),
  fsType: string(2, 'The file system of the disk; ext4 by default.'),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
  secretRef: pointer(of(4, 'The Secret with the credentials.', SecretReference)),
}) {}

export class CephFSPersistentVolumeSource extends message('A Ceph file system. No longer mounted.', {
  monitors: required(list(1, 'The addresses of the Ceph monitors.', string(0, ''))),
  path: string(2, 'The directory that is mounted; the root by default.'),
  user: string(3, 'The user to log in as; admin by default.'),
  secretFile: string(4, "The file with the user's key."),
  secretRef: pointer(of(5, 'The Secret with the key, instead of the file.', SecretReference)),
  readOnly: bool(6, 'Whether it is mounted read-only.'),
}) {}

export class FlexPersistentVolumeSource extends message('A volume of an exec plugin on the node.', {
  driver: required(string(1, "The plugin's name.")),
  fsType: string(2, 'The file system of the volume.'),
  secretRef: pointer(of(3, 'The Secret that the plugin is given.', SecretReference)),
  readOnly: bool(4, 'Whether it is mounted read-only.'),
  options: map(5, 'What else the plugin is told.', string(0, '')),
}) {}

export class AzureFilePersistentVolumeSource extends message('An Azure file share, served by its CSI driver.', {
  secretName: required(string(1, 'The Secret with the storage account.')),
  shareName: required(string(2, "The share's name.")),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
  secretNamespace: pointer(string(4, "The Secret's namespace; the claim's by default.", { emitEmpty: true })),
}) {}

export class ScaleIOPersistentVolumeSource extends message('A ScaleIO volume. No longer mounted.', {
  gateway: required(string(1, 'The address of the ScaleIO gateway.')),
  system: required(string(2, "The storage system's name.")),
  secretRef: required(pointer(of(3, 'The Secret with the credentials.', SecretReference))),
  sslEnabled: bool(4, 'Whether the gateway is spoken to over TLS.'),
  protectionDomain: string(5, 'The protection domain.'),
  storagePool: string(6, 'The storage pool.'),
  storageMode: string(7, 'Whether storage is thick or thin.', { default: 'ThinProvisioned' }),
  volumeName: string(8, "The volume's name."),
  fsType: string(9, 'The file system of the volume.', { default: 'xfs' }),
  readOnly: bool(10, 'Whether it is mounted read-only.'),
}) {}

export class LocalVolumeSource extends message('A disk, a partition or a directory of one node.', {
  path: required(string(1, 'The path on the node.')),
  fsType: pointer(string(2, 'The file system, where the path is a block device.')),
}) {}

export class StorageOSPersistentVolumeSource extends message('A StorageOS volume. No longer mounted.', {
  volumeName: string(1, "The volume's name."),
  volumeNamespace: string(2, "The namespace inside StorageOS; the pod's by default."),
  fsType: string(3, 'The file system of the volume; ext4 by default.'),
  readOnly: bool(4, 'Whether it is mounted read-only.'),
  secretRef: pointer(of(5, 'The Secret with the credentials.', ObjectReference)),
}) {}

export class CSIPersistentVolumeSource extends message('A volume that a CSI driver serves.', {
  driver: required(string(1, "The driver's name.")),
  volumeHandle: required(string(2, "The driver's own name for the volume.")),
  readOnly: bool(3, 'Whether it is published read-only.'),
  fsType: string(4, 'The file system it is mounted as; the driver decides by default.'),
  volumeAttributes: map(5, 'What the driver is told of the volume.', string(0, '')),
  controllerPublishSecretRef: pointer(of(6, 'The Secret for attaching and detaching.', SecretReference)),
  nodeStageSecretRef: pointer(of(7, 'The Secret for staging on a node.', SecretReference)),
  nodePublishSecretRef: pointer(of(8, 'The Secret for publishing to a pod.', SecretReference)),
  controllerExpandSecretRef: pointer(of(9, 'The Secret for making it larger.', SecretReference)),
  nodeExpandSecretRef: pointer(of(10, 'The Secret for making it larger on a node.', SecretReference)),
}) {}
