import { bool, map, message, of, pointer, required, string } from '#machinery';
import { ObjectReference, SecretReference } from './references.ts';
import * as shared from './shared-volume-fields.ts';

export class GlusterfsPersistentVolumeSource extends message('A Gluster volume. No longer mounted.', {
  ...shared.glusterfs,
  endpointsNamespace: pointer(string(4, "The namespace of the Endpoints; the claim's by default.")),
}) {}

export class RBDPersistentVolumeSource extends message(
  'A Ceph block device. No longer mounted.',
  shared.rbd(SecretReference),
) {}

export class ISCSIPersistentVolumeSource extends message('An iSCSI disk.', shared.iscsi(SecretReference)) {}

export class CinderPersistentVolumeSource extends message(
  'An OpenStack disk, served by its CSI driver.',
  shared.cinder(SecretReference),
) {}

export class CephFSPersistentVolumeSource extends message(
  'A Ceph file system. No longer mounted.',
  shared.cephfs(SecretReference),
) {}

export class FlexPersistentVolumeSource extends message(
  'A volume of an exec plugin on the node.',
  shared.flex(SecretReference),
) {}

export class AzureFilePersistentVolumeSource extends message('An Azure file share, served by its CSI driver.', {
  ...shared.azureFile,
  secretNamespace: pointer(string(4, "The Secret's namespace; the claim's by default.", { emitEmpty: true })),
}) {}

export class ScaleIOPersistentVolumeSource extends message(
  'A ScaleIO volume. No longer mounted.',
  shared.scaleIO(SecretReference),
) {}

export class LocalVolumeSource extends message('A disk, a partition or a directory of one node.', {
  path: required(string(1, 'The path on the node.')),
  fsType: pointer(string(2, 'The file system, where the path is a block device.')),
}) {}

export class StorageOSPersistentVolumeSource extends message(
  'A StorageOS volume. No longer mounted.',
  shared.storageos(ObjectReference),
) {}

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
