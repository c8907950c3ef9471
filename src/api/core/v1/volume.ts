import { bool, inlined, map, message, of, oneOf, pointer, quantity, required, string } from '#machinery';
import {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFileVolumeSource,
  CephFSVolumeSource,
  CinderVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  GitRepoVolumeSource,
  GlusterfsVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  QuobyteVolumeSource,
  RBDVolumeSource,
  ScaleIOVolumeSource,
  StorageOSVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from './in-tree-volumes.ts';
import { PersistentVolumeClaimTemplate } from './persistent-volume-claim.ts';
import {
  ConfigMapVolumeSource,
  DownwardAPIVolumeSource,
  ProjectedVolumeSource,
  SecretVolumeSource,
} from './projected-volume.ts';
import { LocalObjectReference } from './references.ts';

export class HostPathVolumeSource extends message('HostPathVolumeSource.', {
  path: required(string(1, 'The path.')),
  type: pointer(
    oneOf(2, 'The type.', [
      '',
      'DirectoryOrCreate',
      'Directory',
      'FileOrCreate',
      'File',
      'Socket',
      'CharDevice',
      'BlockDevice',
    ]),
  ),
}) {}

export class EmptyDirVolumeSource extends message('EmptyDirVolumeSource.', {
  medium: string(1, 'The medium.'),
  sizeLimit: pointer(quantity(2, 'The size limit.')),
}) {}

export class PersistentVolumeClaimVolumeSource extends message('PersistentVolumeClaimVolumeSource.', {
  claimName: required(string(1, 'The claim name.')),
  readOnly: bool(2, 'The read only.'),
}) {}

export class EphemeralVolumeSource extends message('EphemeralVolumeSource.', {
  volumeClaimTemplate: pointer(of(1, 'The volume claim template.', PersistentVolumeClaimTemplate)),
}) {}

export class CSIVolumeSource extends message('CSIVolumeSource.', {
  driver: required(string(1, 'The driver.')),
  readOnly: pointer(bool(2, 'The read only.')),
  fsType: pointer(string(3, 'The fs type.')),
  volumeAttributes: map(4, 'The volume attributes.', string(0, '')),
  nodePublishSecretRef: pointer(of(5, 'The node publish secret ref.', LocalObjectReference)),
}) {}

export class ImageVolumeSource extends message('ImageVolumeSource.', {
  reference: string(1, 'The reference.'),
  pullPolicy: string(2, 'The pull policy.', { enum: ['Always', 'Never', 'IfNotPresent'] }),
}) {}

export class VolumeSource extends message('VolumeSource.', {
  hostPath: pointer(of(1, 'The host path.', HostPathVolumeSource)),
  emptyDir: pointer(of(2, 'The empty dir.', EmptyDirVolumeSource)),
  gcePersistentDisk: pointer(of(3, 'The gce persistent disk.', GCEPersistentDiskVolumeSource)),
  awsElasticBlockStore: pointer(of(4, 'The aws elastic block store.', AWSElasticBlockStoreVolumeSource)),
  gitRepo: pointer(of(5, 'The git repo.', GitRepoVolumeSource)),
  secret: pointer(of(6, 'The secret.', SecretVolumeSource)),
  nfs: pointer(of(7, 'The nfs.', NFSVolumeSource)),
  iscsi: pointer(of(8, 'The iscsi.', ISCSIVolumeSource)),
  glusterfs: pointer(of(9, 'The glusterfs.', GlusterfsVolumeSource)),
  persistentVolumeClaim: pointer(of(10, 'The persistent volume claim.', PersistentVolumeClaimVolumeSource)),
  rbd: pointer(of(11, 'The rbd.', RBDVolumeSource)),
  flexVolume: pointer(of(12, 'The flex volume.', FlexVolumeSource)),
  cinder: pointer(of(13, 'The cinder.', CinderVolumeSource)),
  cephfs: pointer(of(14, 'The cephfs.', CephFSVolumeSource)),
  flocker: pointer(of(15, 'The flocker.', FlockerVolumeSource)),
  downwardAPI: pointer(of(16, 'The downward api.', DownwardAPIVolumeSource)),
  fc: pointer(of(17, 'The fc.', FCVolumeSource)),
  azureFile: pointer(of(18, 'The azure file.', AzureFileVolumeSource)),
  configMap: pointer(of(19, 'The config map.', ConfigMapVolumeSource)),
  vsphereVolume: pointer(of(20, 'The vsphere volume.', VsphereVirtualDiskVolumeSource)),
  quobyte: pointer(of(21, 'The quobyte.', QuobyteVolumeSource)),
  azureDisk: pointer(of(22, 'The azure disk.', AzureDiskVolumeSource)),
  photonPersistentDisk: pointer(of(23, 'The photon persistent disk.', PhotonPersistentDiskVolumeSource)),
  projected: pointer(of(26, 'The projected.', ProjectedVolumeSource)),
  portworxVolume: pointer(of(24, 'The portworx volume.', PortworxVolumeSource)),
  scaleIO: pointer(of(25, 'The scale io.', ScaleIOVolumeSource)),
  storageos: pointer(of(27, 'The storageos.', StorageOSVolumeSource)),
  csi: pointer(of(28, 'The csi.', CSIVolumeSource)),
  ephemeral: pointer(of(29, 'The ephemeral.', EphemeralVolumeSource)),
  image: pointer(of(30, 'The image.', ImageVolumeSource)),
}) {}

export class Volume extends message('Volume.', {
  name: required(string(1, 'The name.', { format: 'dnsLabel' })),
  ...inlined(2, VolumeSource),
}) {}
