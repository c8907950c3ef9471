import { bool, int32, list, message, pointer, required, string } from '#machinery';
import { LocalObjectReference } from './references.ts';
import * as shared from './shared-volume-fields.ts';

export class NFSVolumeSource extends message('A directory of an NFS server.', {
  server: required(string(1, "The server's name or address.")),
  path: required(string(2, 'The exported directory.')),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
}) {}

export class ISCSIVolumeSource extends message('An iSCSI disk.', shared.iscsi(LocalObjectReference)) {}

export class FCVolumeSource extends message('A Fibre Channel disk.', {
  targetWWNs: list(1, 'The world-wide names of the target.', string(0, '')),
  lun: pointer(int32(2, 'The logical unit.')),
  fsType: string(3, 'The file system of the disk; ext4 by default.'),
  readOnly: bool(4, 'Whether it is mounted read-only.'),
  wwids: list(5, 'World-wide identifiers, instead of names and unit.', string(0, '')),
}) {}

export class GlusterfsVolumeSource extends message('A Gluster volume. No longer mounted.', shared.glusterfs) {}

export class RBDVolumeSource extends message(
  'A Ceph block device. No longer mounted without its CSI driver.',
  shared.rbd(LocalObjectReference),
) {}

export class CephFSVolumeSource extends message(
  'A Ceph file system. No longer mounted without its CSI driver.',
  shared.cephfs(LocalObjectReference),
) {}

export class CinderVolumeSource extends message(
  'An OpenStack disk, served by its CSI driver.',
  shared.cinder(LocalObjectReference),
) {}

export class GCEPersistentDiskVolumeSource extends message('A Google Cloud disk, served by its CSI driver.', {
  pdName: required(string(1, "The disk's name.", { minLength: 0 })),
  fsType: string(2, 'The file system of the disk; ext4 by default.'),
  partition: int32(3, 'The partition; 0 for the whole disk.'),
  readOnly: bool(4, 'Whether it is mounted read-only.'),
}) {}

export class AWSElasticBlockStoreVolumeSource extends message('An AWS disk, served by its CSI driver.', {
  volumeID: required(string(1, "The disk's id.")),
  fsType: string(2, 'The file system of the disk; ext4 by default.'),
  partition: int32(3, 'The partition; 0 for the whole disk.'),
  readOnly: bool(4, 'Whether it is mounted read-only.'),
}) {}

export class AzureDiskVolumeSource extends message('An Azure disk, served by its CSI driver.', {
  diskName: required(string(1, "The disk's name.")),
  diskURI: required(string(2, "The disk's address.")),
  cachingMode: pointer(string(3, 'How the host caches: `None`, `ReadOnly`, `ReadWrite`.', { default: 'ReadWrite' })),
  fsType: pointer(string(4, 'The file system of the disk.', { default: 'ext4' })),
  readOnly: pointer(bool(5, 'Whether it is mounted read-only.', { default: false })),
  kind: pointer(string(6, 'Where the disk lives: `Shared`, `Dedicated`, `Managed`.', { default: 'Shared' })),
}) {}

export class AzureFileVolumeSource extends message(
  'An Azure file share, served by its CSI driver.',
  shared.azureFile,
) {}

export class VsphereVirtualDiskVolumeSource extends message('A vSphere disk, served by its CSI driver.', {
  volumePath: required(string(1, "The disk's path.")),
  fsType: string(2, 'The file system of the disk; ext4 by default.'),
  storagePolicyName: string(3, "The storage policy's name."),
  storagePolicyID: string(4, "The storage policy's id."),
}) {}

export class PhotonPersistentDiskVolumeSource extends message('A Photon disk. No longer mounted.', {
  pdID: required(string(1, "The disk's id.")),
  fsType: string(2, 'The file system of the disk; ext4 by default.'),
}) {}

export class PortworxVolumeSource extends message('A Portworx volume, served by its CSI driver.', {
  volumeID: required(string(1, "The volume's id.")),
  fsType: string(2, 'The file system of the volume; ext4 by default.'),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
}) {}

export class ScaleIOVolumeSource extends message(
  'A ScaleIO volume. No longer mounted.',
  shared.scaleIO(LocalObjectReference),
) {}

export class StorageOSVolumeSource extends message(
  'A StorageOS volume. No longer mounted.',
  shared.storageos(LocalObjectReference),
) {}

export class QuobyteVolumeSource extends message('A Quobyte volume. No longer mounted.', {
  registry: required(string(1, 'The addresses of the registry.')),
  volume: required(string(2, "The volume's name.")),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
  user: string(4, 'The user that it is mapped to.'),
  group: string(5, 'The group that it is mapped to.'),
  tenant: string(6, 'The tenant that owns it.'),
}) {}

export class FlockerVolumeSource extends message('A Flocker dataset. No longer mounted.', {
  datasetName: string(1, "The dataset's name."),
  datasetUUID: string(2, "The dataset's id."),
}) {}

export class FlexVolumeSource extends message(
  'A volume of an exec plugin on the node.',
  shared.flex(LocalObjectReference),
) {}

export class GitRepoVolumeSource extends message(
  'A clone of a git repository. No longer supported; clone in an init container.',
  {
    repository: required(string(1, "The repository's address.")),
    revision: string(2, 'The commit.'),
    directory: string(3, 'The directory it is cloned into.'),
  },
) {}
