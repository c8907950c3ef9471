import { bool, int64, list, message, of, oneOf, pointer, required, string } from '#machinery';

export class Capabilities extends message('Capabilities.', {
  add: list(1, 'The add.', string(0, '')),
  drop: list(2, 'The drop.', string(0, '')),
}) {}

export class SELinuxOptions extends message('SELinuxOptions.', {
  user: string(1, 'The user.'),
  role: string(2, 'The role.'),
  type: string(3, 'The type.'),
  level: string(4, 'The level.'),
}) {}

export class WindowsSecurityContextOptions extends message('WindowsSecurityContextOptions.', {
  gmsaCredentialSpecName: pointer(string(1, 'The gmsa credential spec name.')),
  gmsaCredentialSpec: pointer(string(2, 'The gmsa credential spec.')),
  runAsUserName: pointer(string(3, 'The run as user name.')),
  hostProcess: pointer(bool(4, 'The host process.')),
}) {}

export class SeccompProfile extends message('SeccompProfile.', {
  type: required(oneOf(1, 'The type.', ['Unconfined', 'RuntimeDefault', 'Localhost'])),
  localhostProfile: pointer(string(2, 'The localhost profile.')),
}) {}

export class AppArmorProfile extends message('AppArmorProfile.', {
  type: required(oneOf(1, 'The type.', ['Unconfined', 'RuntimeDefault', 'Localhost'])),
  localhostProfile: pointer(string(2, 'The localhost profile.')),
}) {}

export class SecurityContext extends message('SecurityContext.', {
  capabilities: pointer(of(1, 'The capabilities.', Capabilities)),
  privileged: pointer(bool(2, 'The privileged.')),
  seLinuxOptions: pointer(of(3, 'The se linux options.', SELinuxOptions)),
  windowsOptions: pointer(of(10, 'The windows options.', WindowsSecurityContextOptions)),
  runAsUser: pointer(int64(4, 'The run as user.')),
  runAsGroup: pointer(int64(8, 'The run as group.')),
  runAsNonRoot: pointer(bool(5, 'The run as non root.')),
  readOnlyRootFilesystem: pointer(bool(6, 'The read only root filesystem.')),
  allowPrivilegeEscalation: pointer(bool(7, 'The allow privilege escalation.')),
  procMount: pointer(oneOf(9, 'The proc mount.', ['Default', 'Unmasked'])),
  seccompProfile: pointer(of(11, 'The seccomp profile.', SeccompProfile)),
  appArmorProfile: pointer(of(12, 'The app armor profile.', AppArmorProfile)),
}) {}

export class Sysctl extends message('Sysctl.', {
  name: required(string(1, 'The name.')),
  value: required(string(2, 'The value.', { minLength: 0 })),
}) {}

export class PodSecurityContext extends message('PodSecurityContext.', {
  seLinuxOptions: pointer(of(1, 'The se linux options.', SELinuxOptions)),
  windowsOptions: pointer(of(8, 'The windows options.', WindowsSecurityContextOptions)),
  runAsUser: pointer(int64(2, 'The run as user.')),
  runAsGroup: pointer(int64(6, 'The run as group.')),
  runAsNonRoot: pointer(bool(3, 'The run as non root.')),
  supplementalGroups: list(4, 'The supplemental groups.', int64(0, '')),
  supplementalGroupsPolicy: pointer(oneOf(12, 'The supplemental groups policy.', ['Merge', 'Strict'])),
  fsGroup: pointer(int64(5, 'The fs group.')),
  sysctls: list(7, 'The sysctls.', Sysctl),
  fsGroupChangePolicy: pointer(oneOf(9, 'The fs group change policy.', ['OnRootMismatch', 'Always'])),
  seccompProfile: pointer(of(10, 'The seccomp profile.', SeccompProfile)),
  appArmorProfile: pointer(of(11, 'The app armor profile.', AppArmorProfile)),
  seLinuxChangePolicy: pointer(oneOf(13, 'The se linux change policy.', ['Recursive', 'MountOption'])),
}) {}
