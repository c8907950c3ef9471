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

export class HostPathVolumeSource extends message('A path of the node itself.', {
  path: required(string(1, 'The path on the node.')),
  type: pointer(
    oneOf(2, 'What has to be there, or is made there; nothing is checked by default.', [
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

export class EmptyDirVolumeSource extends message('A directory that begins empty and goes with the pod.', {
  medium: string(1, "Where it lives: on the node's disk, in memory (`Memory`), in huge pages (`HugePages`)."),
  sizeLimit: pointer(quantity(2, 'How large it may become before the pod is evicted.')),
}) {}

export class PersistentVolumeClaimVolumeSource extends message('The volume of a claim in the same namespace.', {
  claimName: required(string(1, "The claim's name.")),
  readOnly: bool(2, 'Whether it is mounted read-only.'),
}) {}

export class EphemeralVolumeSource extends message('A volume that is provisioned for this pod and goes with it.', {
  volumeClaimTemplate: pointer(
    of(1, 'The claim that is made, named after the pod and the volume.', PersistentVolumeClaimTemplate),
  ),
}) {}

export class CSIVolumeSource extends message('A volume that a CSI driver makes for this pod.', {
  driver: required(string(1, "The driver's name.")),
  readOnly: pointer(bool(2, 'Whether it is mounted read-only.')),
  fsType: pointer(string(3, 'The file system it is mounted as; the driver decides by default.')),
  volumeAttributes: map(4, 'What the driver is told.', string(0, '')),
  nodePublishSecretRef: pointer(of(5, 'The Secret that the driver is given.', LocalObjectReference)),
}) {}

export class ImageVolumeSource extends message('The files of an image, read-only.', {
  reference: string(1, 'The image.'),
  pullPolicy: string(2, 'When the image is pulled.', { enum: ['Always', 'Never', 'IfNotPresent'] }),
}) {}

export class VolumeSource extends message('Where the files of a volume come from; exactly one of these.', {
  hostPath: pointer(of(1, 'A path of the node.', HostPathVolumeSource)),
  emptyDir: pointer(of(2, 'A directory that begins empty and goes with the pod.', EmptyDirVolumeSource)),
  gcePersistentDisk: pointer(of(3, 'A Google Cloud disk.', GCEPersistentDiskVolumeSource)),
  awsElasticBlockStore: pointer(of(4, 'An AWS disk.', AWSElasticBlockStoreVolumeSource)),
  gitRepo: pointer(of(5, 'A git repository. No longer supported.', GitRepoVolumeSource)),
  secret: pointer(of(6, 'The values of a Secret.', SecretVolumeSource)),
  nfs: pointer(of(7, 'A directory of an NFS server.', NFSVolumeSource)),
  iscsi: pointer(of(8, 'An iSCSI disk.', ISCSIVolumeSource)),
  glusterfs: pointer(of(9, 'A Gluster volume. No longer mounted.', GlusterfsVolumeSource)),
  persistentVolumeClaim: pointer(of(10, 'The volume of a claim.', PersistentVolumeClaimVolumeSource)),
  rbd: pointer(of(11, 'A Ceph block device.', RBDVolumeSource)),
  flexVolume: pointer(of(12, 'A volume of an exec plugin.', FlexVolumeSource)),
  cinder: pointer(of(13, 'An OpenStack disk.', CinderVolumeSource)),
  cephfs: pointer(of(14, 'A Ceph file system.', CephFSVolumeSource)),
  flocker: pointer(of(15, 'A Flocker dataset. No longer mounted.', FlockerVolumeSource)),
  downwardAPI: pointer(of(16, 'Facts of the pod.', DownwardAPIVolumeSource)),
  fc: pointer(of(17, 'A Fibre Channel disk.', FCVolumeSource)),
  azureFile: pointer(of(18, 'An Azure file share.', AzureFileVolumeSource)),
  configMap: pointer(of(19, 'The values of a ConfigMap.', ConfigMapVolumeSource)),
  vsphereVolume: pointer(of(20, 'A vSphere disk.', VsphereVirtualDiskVolumeSource)),
  quobyte: pointer(of(21, 'A Quobyte volume. No longer mounted.', QuobyteVolumeSource)),
  azureDisk: pointer(of(22, 'An Azure disk.', AzureDiskVolumeSource)),
  photonPersistentDisk: pointer(of(23, 'A Photon disk. No longer mounted.', PhotonPersistentDiskVolumeSource)),
  projected: pointer(of(26, 'Files of several sources.', ProjectedVolumeSource)),
  portworxVolume: pointer(of(24, 'A Portworx volume.', PortworxVolumeSource)),
  scaleIO: pointer(of(25, 'A ScaleIO volume. No longer mounted.', ScaleIOVolumeSource)),
  storageos: pointer(of(27, 'A StorageOS volume. No longer mounted.', StorageOSVolumeSource)),
  csi: pointer(of(28, 'A volume that a CSI driver makes.', CSIVolumeSource)),
  ephemeral: pointer(of(29, 'A volume that is provisioned for this pod.', EphemeralVolumeSource)),
  image: pointer(of(30, 'The files of an image.', ImageVolumeSource)),
}) {}

export class Volume extends message('A volume of a pod, which its containers may mount.', {
  name: required(string(1, 'A DNS label, unique in the pod.', { format: 'dnsLabel' })),
  ...inlined(2, VolumeSource),
}) {}
