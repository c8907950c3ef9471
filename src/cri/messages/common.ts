import {
  bytes,
  enumeration,
  int64,
  list,
  map,
  message,
  nested,
  oneOf,
  string,
  uint32,
  uint64,
  type EnumOf,
} from '#wire';

// Enums and messages that sandboxes and containers share.

/** A signed number that may be absent. */
export class Int64Value extends message({
  value: int64(1),
}) {}

/** An unsigned number that may be absent. */
export class UInt64Value extends message({
  value: uint64(1),
}) {}

/** The layer-4 protocol of a port. */
export const Protocol = enumeration({ TCP: 0, UDP: 1, SCTP: 2 });
export type Protocol = EnumOf<typeof Protocol>;

/** Whether mounts made later travel between host and container. */
export const MountPropagation = enumeration({
  PROPAGATION_PRIVATE: 0,
  PROPAGATION_HOST_TO_CONTAINER: 1,
  PROPAGATION_BIDIRECTIONAL: 2,
});
export type MountPropagation = EnumOf<typeof MountPropagation>;

/** Whose Linux namespace a container joins: its pod's, one of its own, the node's, or a target container's. */
export const NamespaceMode = enumeration({ POD: 0, CONTAINER: 1, NODE: 2, TARGET: 3 });
export type NamespaceMode = EnumOf<typeof NamespaceMode>;

/** Whether the groups of the image's user are added to those of the pod (`Merge`) or not (`Strict`). */
export const SupplementalGroupsPolicy = enumeration({ Merge: 0, Strict: 1 });
export type SupplementalGroupsPolicy = EnumOf<typeof SupplementalGroupsPolicy>;

/** The signal that asks a container to stop; `RUNTIME_DEFAULT` leaves it to the image, else SIGTERM. */
export const Signal = enumeration({
  RUNTIME_DEFAULT: 0,
  SIGABRT: 1,
  SIGALRM: 2,
  SIGBUS: 3,
  SIGCHLD: 4,
  SIGCLD: 5,
  SIGCONT: 6,
  SIGFPE: 7,
  SIGHUP: 8,
  SIGILL: 9,
  SIGINT: 10,
  SIGIO: 11,
  SIGIOT: 12,
  SIGKILL: 13,
  SIGPIPE: 14,
  SIGPOLL: 15,
  SIGPROF: 16,
  SIGPWR: 17,
  SIGQUIT: 18,
  SIGSEGV: 19,
  SIGSTKFLT: 20,
  SIGSTOP: 21,
  SIGSYS: 22,
  SIGTERM: 23,
  SIGTRAP: 24,
  SIGTSTP: 25,
  SIGTTIN: 26,
  SIGTTOU: 27,
  SIGURG: 28,
  SIGUSR1: 29,
  SIGUSR2: 30,
  SIGVTALRM: 31,
  SIGWINCH: 32,
  SIGXCPU: 33,
  SIGXFSZ: 34,
  SIGRTMIN: 35,
  SIGRTMINPLUS1: 36,
  SIGRTMINPLUS2: 37,
  SIGRTMINPLUS3: 38,
  SIGRTMINPLUS4: 39,
  SIGRTMINPLUS5: 40,
  SIGRTMINPLUS6: 41,
  SIGRTMINPLUS7: 42,
  SIGRTMINPLUS8: 43,
  SIGRTMINPLUS9: 44,
  SIGRTMINPLUS10: 45,
  SIGRTMINPLUS11: 46,
  SIGRTMINPLUS12: 47,
  SIGRTMINPLUS13: 48,
  SIGRTMINPLUS14: 49,
  SIGRTMINPLUS15: 50,
  SIGRTMAXMINUS14: 51,
  SIGRTMAXMINUS13: 52,
  SIGRTMAXMINUS12: 53,
  SIGRTMAXMINUS11: 54,
  SIGRTMAXMINUS10: 55,
  SIGRTMAXMINUS9: 56,
  SIGRTMAXMINUS8: 57,
  SIGRTMAXMINUS7: 58,
  SIGRTMAXMINUS6: 59,
  SIGRTMAXMINUS5: 60,
  SIGRTMAXMINUS4: 61,
  SIGRTMAXMINUS3: 62,
  SIGRTMAXMINUS2: 63,
  SIGRTMAXMINUS1: 64,
  SIGRTMAX: 65,
});
export type Signal = EnumOf<typeof Signal>;

/** A range of user or group numbers as the host and the container see it. */
export class IDMapping extends message({
  hostId: uint32(1),
  containerId: uint32(2),
  length: uint32(3),
}) {}

/** The user namespace of a pod. */
export class UserNamespace extends message({
  mode: oneOf(1, NamespaceMode),
  uids: list(2, IDMapping),
  gids: list(3, IDMapping),
}) {}

/** Which namespaces a sandbox or container shares. */
export class NamespaceOption extends message({
  /** `POD` or `NODE`. */
  network: oneOf(1, NamespaceMode),
  pid: oneOf(2, NamespaceMode),
  ipc: oneOf(3, NamespaceMode),
  /** The container whose namespace is joined with `TARGET`. */
  targetId: string(4),
  usernsOptions: nested(5, UserNamespace),
}) {}

/** The SELinux label of a process. */
export class SELinuxOption extends message({
  user: string(1),
  role: string(2),
  type: string(3),
  level: string(4),
}) {}

/** Where a security profile comes from. */
export const ProfileType = enumeration({ RuntimeDefault: 0, Unconfined: 1, Localhost: 2 });
export type ProfileType = EnumOf<typeof ProfileType>;

/** A seccomp or AppArmor profile. */
export class SecurityProfile extends message({
  profileType: oneOf(1, ProfileType),
  /** The profile of `Localhost`: a file (seccomp) or a loaded name (AppArmor). */
  localhostRef: string(2),
}) {}

/** Names an image. */
export class ImageSpec extends message({
  /** A name, digest or image ID. */
  image: string(1),
  annotations: map(2, string),
  /** The name as it stands in the pod. */
  userSpecifiedImage: string(18),
  runtimeHandler: string(19),
  /** The digest the name stood for when pulled. */
  imageRef: string(20),
}) {}

/** One environment variable; the value need not be UTF-8. */
export class KeyValue extends message({
  key: string(1),
  value: bytes(2),
}) {}

/** How much of one huge page size a container may use. */
export class HugepageLimit extends message({
  pageSize: string(1),
  limit: uint64(2),
}) {}

/** The cgroup limits of a container or pod; zero means: not limited. */
export class LinuxContainerResources extends message({
  /** Microseconds. */
  cpuPeriod: int64(1),
  /** Microseconds in each period. */
  cpuQuota: int64(2),
  cpuShares: int64(3),
  memoryLimitInBytes: int64(4),
  oomScoreAdj: int64(5),
  cpusetCpus: string(6),
  cpusetMems: string(7),
  hugepageLimits: list(8, HugepageLimit),
  /** cgroup v2 files by name. */
  unified: map(9, string),
  memorySwapLimitInBytes: int64(10),
}) {}
