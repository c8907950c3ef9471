import { bool, int32, list, map, of, pointer, required, string, type Message } from '#machinery';

/**
 * The fields of volumes that pods may name themselves, and PersistentVolumes too. They differ in where the Secret is:
 * beside the pod, or wherever `reference` can say.
 */
export const iscsi = <R>(reference: Message<R>) => ({
  targetPortal: required(string(1, "The target's address, with the port where it is not 3260.")),
  iqn: required(string(2, "The target's qualified name.")),
  lun: required(int32(3, 'The logical unit.')),
  iscsiInterface: string(4, "The initiator's interface.", { default: 'default' }),
  fsType: string(5, 'The file system of the disk; ext4 by default.'),
  readOnly: bool(6, 'Whether it is mounted read-only.'),
  portals: list(7, 'Further addresses of the target.', string(0, '')),
  chapAuthDiscovery: bool(8, 'Whether discovery authenticates by CHAP.'),
  chapAuthSession: bool(11, 'Whether the session authenticates by CHAP.'),
  secretRef: pointer(of(10, 'The Secret with the CHAP credentials.', reference)),
  initiatorName: pointer(string(12, 'The name that the node calls itself.')),
});

export const rbd = <R>(reference: Message<R>) => ({
  monitors: required(list(1, 'The Ceph monitors.', string(0, ''))),
  image: required(string(2, "The image's name.")),
  fsType: string(3, 'The file system of the device; ext4 by default.'),
  pool: string(4, 'The pool of the image.', { default: 'rbd' }),
  user: string(5, 'The Ceph user.', { default: 'admin' }),
  keyring: string(6, "The file of the user's key.", { default: '/etc/ceph/keyring' }),
  secretRef: pointer(of(7, "The Secret of the user's key.", reference)),
  readOnly: bool(8, 'Whether it is mounted read-only.'),
});

export const cephfs = <R>(reference: Message<R>) => ({
  monitors: required(list(1, 'The Ceph monitors.', string(0, ''))),
  path: string(2, 'The directory that is mounted; the root by default.'),
  user: string(3, 'The Ceph user; `admin` by default.'),
  secretFile: string(4, "The file of the user's key."),
  secretRef: pointer(of(5, "The Secret of the user's key.", reference)),
  readOnly: bool(6, 'Whether it is mounted read-only.'),
});

export const cinder = <R>(reference: Message<R>) => ({
  volumeID: required(string(1, "The disk's id.")),
  fsType: string(2, 'The file system of the disk; ext4 by default.'),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
  secretRef: pointer(of(4, 'The Secret with the credentials.', reference)),
});

export const scaleIO = <R>(reference: Message<R>) => ({
  gateway: required(string(1, 'The address of the ScaleIO gateway.')),
  system: required(string(2, "The storage system's name.")),
  secretRef: required(pointer(of(3, 'The Secret with the credentials.', reference))),
  sslEnabled: bool(4, 'Whether the gateway is spoken to over TLS.'),
  protectionDomain: string(5, 'The protection domain.'),
  storagePool: string(6, 'The storage pool.'),
  storageMode: string(7, 'Whether storage is thick or thin.', { default: 'ThinProvisioned' }),
  volumeName: string(8, "The volume's name."),
  fsType: string(9, 'The file system of the volume.', { default: 'xfs' }),
  readOnly: bool(10, 'Whether it is mounted read-only.'),
});

export const storageos = <R>(reference: Message<R>) => ({
  volumeName: string(1, "The volume's name."),
  volumeNamespace: string(2, "The namespace inside StorageOS; the pod's by default."),
  fsType: string(3, 'The file system of the volume; ext4 by default.'),
  readOnly: bool(4, 'Whether it is mounted read-only.'),
  secretRef: pointer(of(5, 'The Secret with the credentials.', reference)),
});

export const flex = <R>(reference: Message<R>) => ({
  driver: required(string(1, "The plugin's name.")),
  fsType: string(2, 'The file system of the volume.'),
  secretRef: pointer(of(3, 'The Secret that the plugin is given.', reference)),
  readOnly: bool(4, 'Whether it is mounted read-only.'),
  options: map(5, 'What else the plugin is told.', string(0, '')),
});

export const azureFile = {
  secretName: required(string(1, 'The Secret with the storage account.')),
  shareName: required(string(2, "The share's name.")),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
};

export const glusterfs = {
  endpoints: required(string(1, 'The Endpoints object of the Gluster servers.')),
  path: required(string(2, "The volume's name.")),
  readOnly: bool(3, 'Whether it is mounted read-only.'),
};
