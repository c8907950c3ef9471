import { bool, int32, list, listMap, message, of, oneOf, pointer, required, set, string } from '#machinery';
import { EnvFromSource, EnvVar } from './env.ts';
import { Lifecycle, Probe } from './probe.ts';
import { ContainerResizePolicy, ResourceRequirements } from './resources.ts';
import { SecurityContext } from './security-context.ts';

export class ContainerPort extends message('ContainerPort.', {
  name: string(1, 'The name.', { format: 'portName' }),
  hostPort: int32(2, 'The host port.', { minimum: 1, maximum: 65535 }),
  containerPort: required(int32(3, 'The container port.', { minimum: 1, maximum: 65535 })),
  protocol: string(4, 'The protocol.', { enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' }),
  hostIP: string(5, 'The host ip.'),
}) {}

export class VolumeMount extends message('VolumeMount.', {
  name: required(string(1, 'The name.')),
  readOnly: bool(2, 'The read only.'),
  recursiveReadOnly: pointer(oneOf(7, 'The recursive read only.', ['Disabled', 'IfPossible', 'Enabled'])),
  mountPath: required(string(3, 'The mount path.')),
  subPath: string(4, 'The sub path.'),
  mountPropagation: pointer(oneOf(5, 'The mount propagation.', ['None', 'HostToContainer', 'Bidirectional'])),
  subPathExpr: string(6, 'The sub path expr.'),
}) {}

export class VolumeDevice extends message('VolumeDevice.', {
  name: required(string(1, 'The name.')),
  devicePath: required(string(2, 'The device path.')),
}) {}

export class ContainerRestartRuleOnExitCodes extends message('ContainerRestartRuleOnExitCodes.', {
  operator: required(oneOf(1, 'The operator.', ['In', 'NotIn'], { emitEmpty: false })),
  values: set(2, 'The values.', int32(0, '')),
}) {}

export class ContainerRestartRule extends message('ContainerRestartRule.', {
  action: required(oneOf(1, 'The action.', ['Restart', 'RestartAllContainers'], { emitEmpty: false })),
  exitCodes: pointer(of(2, 'The exit codes.', ContainerRestartRuleOnExitCodes)),
}) {}

export class Container extends message('Container.', {
  name: required(string(1, 'The name.', { format: 'dnsLabel' })),
  image: string(2, 'The image.'),
  command: list(3, 'The command.', string(0, '')),
  args: list(4, 'The args.', string(0, '')),
  workingDir: string(5, 'The working dir.'),
  ports: listMap(6, 'The ports.', ['containerPort', 'protocol'], ContainerPort, { patchMergeKey: 'containerPort' }),
  envFrom: list(19, 'The env from.', EnvFromSource),
  env: listMap(7, 'The env.', ['name'], EnvVar, { patchMergeKey: 'name' }),
  resources: of(8, 'The resources.', ResourceRequirements),
  resizePolicy: list(23, 'The resize policy.', ContainerResizePolicy),
  restartPolicy: pointer(oneOf(24, 'The restart policy.', ['Always', 'Never', 'OnFailure'])),
  restartPolicyRules: list(25, 'The restart policy rules.', ContainerRestartRule),
  volumeMounts: listMap(9, 'The volume mounts.', ['mountPath'], VolumeMount, { patchMergeKey: 'mountPath' }),
  volumeDevices: listMap(21, 'The volume devices.', ['devicePath'], VolumeDevice, { patchMergeKey: 'devicePath' }),
  livenessProbe: pointer(of(10, 'The liveness probe.', Probe)),
  readinessProbe: pointer(of(11, 'The readiness probe.', Probe)),
  startupProbe: pointer(of(22, 'The startup probe.', Probe)),
  lifecycle: pointer(of(12, 'The lifecycle.', Lifecycle)),
  terminationMessagePath: string(13, 'The termination message path.'),
  terminationMessagePolicy: oneOf(20, 'The termination message policy.', ['File', 'FallbackToLogsOnError']),
  imagePullPolicy: string(14, 'The image pull policy.', { enum: ['Always', 'Never', 'IfNotPresent'] }),
  securityContext: pointer(of(15, 'The security context.', SecurityContext)),
  stdin: bool(16, 'The stdin.'),
  stdinOnce: bool(17, 'The stdin once.'),
  tty: bool(18, 'The tty.'),
}) {}
