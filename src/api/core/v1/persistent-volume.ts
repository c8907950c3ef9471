import { inlined, list, map, message, of, oneOf, pointer, present, quantity, string, time } from '#machinery';
import { NodeSelector } from './affinity.ts';
import {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  FCVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  NFSVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  QuobyteVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from './in-tree-volumes.ts';
import {
  AzureFilePersistentVolumeSource,
  CephFSPersistentVolumeSource,
  CinderPersistentVolumeSource,
  CSIPersistentVolumeSource,
  FlexPersistentVolumeSource,
  GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  LocalVolumeSource,
  RBDPersistentVolumeSource,
  ScaleIOPersistentVolumeSource,
  StorageOSPersistentVolumeSource,
} from './persistent-volume-sources.ts';
import { ObjectReference } from './references.ts';
import { HostPathVolumeSource } from './volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class PersistentVolumeSource extends message('Where a volume lies; exactly one of these.', {
  gcePersistentDisk: pointer(of(1, 'A Google Cloud disk.', GCEPersistentDiskVolumeSource)),
  awsElasticBlockStore: pointer(of(2, 'An AWS disk.', AWSElasticBlockStoreVolumeSource)),
  hostPath: pointer(of(3, 'A path of whichever node the pod is on: for clusters of one node.', HostPathVolumeSource)),
  glusterfs: pointer(of(4, 'A Gluster volume. No longer mounted.', GlusterfsPersistentVolumeSource)),
  nfs: pointer(of(5, 'A directory of an NFS server.', NFSVolumeSource)),
  rbd: pointer(of(6, 'A Ceph block device. No longer mounted.', RBDPersistentVolumeSource)),
  iscsi: pointer(of(7, 'An iSCSI disk.', ISCSIPersistentVolumeSource)),
  cinder: pointer(of(8, 'An OpenStack disk.', CinderPersistentVolumeSource)),
  cephfs: pointer(of(9, 'A Ceph file system. No longer mounted.', CephFSPersistentVolumeSource)),
  fc: pointer(of(10, 'A Fibre Channel disk.', FCVolumeSource)),
  flocker: pointer(of(11, 'A Flocker dataset. No longer mounted.', FlockerVolumeSource)),
  flexVolume: pointer(of(12, 'A volume of an exec plugin.', FlexPersistentVolumeSource)),
  azureFile: pointer(of(13, 'An Azure file share.', AzureFilePersistentVolumeSource)),
  vsphereVolume: pointer(of(14, 'A vSphere disk.', VsphereVirtualDiskVolumeSource)),
  quobyte: pointer(of(15, 'A Quobyte volume. No longer mounted.', QuobyteVolumeSource)),
  azureDisk: pointer(of(16, 'An Azure disk.', AzureDiskVolumeSource)),
  photonPersistentDisk: pointer(of(17, 'A Photon disk. No longer mounted.', PhotonPersistentDiskVolumeSource)),
  portworxVolume: pointer(of(18, 'A Portworx volume.', PortworxVolumeSource)),
  scaleIO: pointer(of(19, 'A ScaleIO volume. No longer mounted.', ScaleIOPersistentVolumeSource)),
  local: pointer(of(20, 'A disk or directory of one node.', LocalVolumeSource)),
  storageos: pointer(of(21, 'A StorageOS volume. No longer mounted.', StorageOSPersistentVolumeSource)),
  csi: pointer(of(22, 'A volume that a CSI driver serves.', CSIPersistentVolumeSource)),
}) {}

export class VolumeNodeAffinity extends message('The nodes that a volume can be reached from.', {
  required: pointer(of(1, 'What such a node must be like.', NodeSelector)),
}) {}

export class PersistentVolumeSpec extends message('What a volume is, and who may have it.', {
  capacity: map(1, 'How large it is.', quantity(0, '')),
  ...inlined(2, PersistentVolumeSource),
  accessModes: list(3, 'How many nodes and pods can reach it, and whether to write.', string(0, '')),
  claimRef: pointer(of(4, 'The claim that it is bound to, or kept for.', ObjectReference, { structType: 'granular' })),
  persistentVolumeReclaimPolicy: oneOf(5, 'What becomes of it when its claim is gone; `Retain` by default.', [
    'Delete',
    'Recycle',
    'Retain',
  ]),
  storageClassName: string(6, 'The storage class it belongs to; empty for none.'),
  mountOptions: list(7, 'What it is mounted with; not checked.', string(0, '')),
  volumeMode: pointer(oneOf(8, 'Whether it holds a file system or is a raw block device.', ['Block', 'Filesystem'])),
  nodeAffinity: pointer(of(9, 'The nodes it can be reached from.', VolumeNodeAffinity)),
  volumeAttributesClassName: pointer(string(10, 'The class of attributes that it has.')),
}) {}

export class PersistentVolumeStatus extends message('How a volume does.', {
  phase: string(1, 'Where it is in its life.', { enum: ['Pending', 'Available', 'Bound', 'Released', 'Failed'] }),
  message: string(2, 'Why it is so, in a sentence.'),
  reason: string(3, 'Why it is so, in one word.'),
  lastPhaseTransitionTime: pointer(time(4, 'Since when it is in this phase.')),
}) {}

export class PersistentVolume extends message('A piece of storage that outlives pods.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What it is.', PersistentVolumeSpec)),
  status: present(of(3, 'How it does.', PersistentVolumeStatus)),
}) {}
