import { bool, int64, list, message, of, oneOf, pointer, required, string } from '#machinery';

export class Capabilities extends message("Linux capabilities beside the runtime's default.", {
  add: list(1, 'What is added.', string(0, '')),
  drop: list(2, 'What is taken away; `ALL` for everything.', string(0, '')),
}) {}

export class SELinuxOptions extends message('The SELinux label of processes.', {
  user: string(1, 'The user of the label.'),
  role: string(2, 'The role of the label.'),
  type: string(3, 'The type of the label.'),
  level: string(4, 'The level of the label.'),
}) {}

export class WindowsSecurityContextOptions extends message('What Windows processes may do.', {
  gmsaCredentialSpecName: pointer(string(1, 'The name of the GMSA credential spec.')),
  gmsaCredentialSpec: pointer(string(2, 'The GMSA credential spec itself.')),
  runAsUserName: pointer(string(3, 'The Windows user that processes run as.')),
  hostProcess: pointer(bool(4, 'Whether it runs as a host process; the same for all containers of a pod.')),
}) {}

export class SeccompProfile extends message(
  'Which system calls are let through.',
  {
    type: required(
      oneOf(
        1,
        "The runtime's default profile, one from a file, or none.",
        ['Unconfined', 'RuntimeDefault', 'Localhost'],
        {
          enumIsForRules: true,
        },
      ),
    ),
    localhostProfile: pointer(
      string(2, "The file, relative to the kubelet's seccomp directory; only with `Localhost`."),
    ),
  },
  { unions: [{ discriminator: 'type', fields: ['localhostProfile'] }] },
) {}

export class AppArmorProfile extends message(
  'The AppArmor profile of processes.',
  {
    type: required(
      oneOf(
        1,
        "The runtime's default profile, one loaded on the node, or none.",
        ['Unconfined', 'RuntimeDefault', 'Localhost'],
        { enumIsForRules: true },
      ),
    ),
    localhostProfile: pointer(string(2, 'The name of the loaded profile; only with `Localhost`.')),
  },
  { unions: [{ discriminator: 'type', fields: ['localhostProfile'] }] },
) {}

export class SecurityContext extends message("What the processes of a container may do. Wins over the pod's.", {
  capabilities: pointer(of(1, 'Linux capabilities to add and drop.', Capabilities)),
  privileged: pointer(bool(2, 'Whether the container may do what root on the host may.')),
  seLinuxOptions: pointer(of(3, 'The SELinux label.', SELinuxOptions)),
  windowsOptions: pointer(of(10, 'What concerns Windows alone.', WindowsSecurityContextOptions)),
  runAsUser: pointer(int64(4, "The user id of the first process; the image's user by default.")),
  runAsGroup: pointer(int64(8, 'The group id of the first process.')),
  runAsNonRoot: pointer(bool(5, 'Whether the kubelet refuses to start the container as user 0.')),
  readOnlyRootFilesystem: pointer(bool(6, 'Whether the root file system is mounted read-only.')),
  allowPrivilegeEscalation: pointer(
    bool(7, 'Whether a process may gain more rights than its parent (`no_new_privs`).'),
  ),
  procMount: pointer(
    oneOf(9, 'How `/proc` is mounted: with the usual parts hidden, or whole.', ['Default', 'Unmasked']),
  ),
  seccompProfile: pointer(of(11, 'Which system calls are let through.', SeccompProfile)),
  appArmorProfile: pointer(of(12, 'The AppArmor profile.', AppArmorProfile)),
}) {}

export class Sysctl extends message("A kernel parameter of the pod's namespaces.", {
  name: required(string(1, 'The parameter, such as `net.core.somaxconn`.')),
  value: required(string(2, 'Its value.', { minLength: 0 })),
}) {}

export class PodSecurityContext extends message('What the processes of all containers of a pod may do.', {
  seLinuxOptions: pointer(of(1, 'The SELinux label.', SELinuxOptions)),
  windowsOptions: pointer(of(8, 'What concerns Windows alone.', WindowsSecurityContextOptions)),
  runAsUser: pointer(int64(2, "The user id of processes; the image's user by default.")),
  runAsGroup: pointer(int64(6, 'The group id of processes.')),
  runAsNonRoot: pointer(bool(3, 'Whether the kubelet refuses to start containers as user 0.')),
  supplementalGroups: list(4, 'Further groups of the first process of each container.', int64(0, '')),
  supplementalGroupsPolicy: pointer(oneOf(12, "Whether the image's groups are added to these.", ['Merge', 'Strict'])),
  fsGroup: pointer(int64(5, "The group that owns the pod's volumes, and that processes belong to.")),
  sysctls: list(7, "Kernel parameters of the pod's namespaces.", Sysctl),
  fsGroupChangePolicy: pointer(
    oneOf(9, 'Whether files of a volume are always given to `fsGroup`, or only where its root has another owner.', [
      'OnRootMismatch',
      'Always',
    ]),
  ),
  seccompProfile: pointer(of(10, 'Which system calls are let through.', SeccompProfile)),
  appArmorProfile: pointer(of(11, 'The AppArmor profile.', AppArmorProfile)),
  seLinuxChangePolicy: pointer(
    oneOf(13, 'Whether volumes are labelled by walking all files or by a mount option.', ['Recursive', 'MountOption'], {
      enumIsForRules: true,
    }),
  ),
}) {}
