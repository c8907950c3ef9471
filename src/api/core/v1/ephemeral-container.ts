import { bool, inlined, list, listMap, message, of, oneOf, pointer, required, string } from '#machinery';
import { ContainerPort, ContainerRestartRule, VolumeDevice, VolumeMount } from './container.ts';
import { EnvFromSource, EnvVar } from './env.ts';
import { Lifecycle, Probe } from './probe.ts';
import { ContainerResizePolicy, ResourceRequirements } from './resources.ts';
import { SecurityContext } from './security-context.ts';

export class EphemeralContainerCommon extends message('EphemeralContainerCommon.', {
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

export class EphemeralContainer extends message('EphemeralContainer.', {
  ...inlined(1, EphemeralContainerCommon),
  targetContainerName: string(2, 'The target container name.'),
}) {}
