import { bool, inlined, list, listMap, message, of, oneOf, pointer, required, string } from '#machinery';
import { ContainerPort, ContainerRestartRule, VolumeDevice, VolumeMount } from './container.ts';
import { EnvFromSource, EnvVar } from './env.ts';
import { Lifecycle, Probe } from './probe.ts';
import { ContainerResizePolicy, ResourceRequirements } from './resources.ts';
import { SecurityContext } from './security-context.ts';

export class EphemeralContainerCommon extends message(
  'What an ephemeral container has in common with others. Much of it is not allowed and is here for the likeness.',
  {
    name: required(string(1, 'A DNS label, unique among all containers of the pod.', { format: 'dnsLabel' })),
    image: string(2, 'The image it runs.'),
    command: list(3, "The program and its first arguments, instead of the image's entry point.", string(0, '')),
    args: list(4, "The arguments, instead of the image's own.", string(0, '')),
    workingDir: string(5, "The directory it starts in; the image's own by default."),
    ports: listMap(6, 'Not allowed.', ['containerPort', 'protocol'], ContainerPort, { patchMergeKey: 'containerPort' }),
    envFrom: list(19, 'ConfigMaps and Secrets whose values become variables.', EnvFromSource),
    env: listMap(7, 'Environment variables.', ['name'], EnvVar, { patchMergeKey: 'name' }),
    resources: of(8, 'Not allowed; it uses what the pod has left.', ResourceRequirements),
    resizePolicy: list(23, 'Not allowed.', ContainerResizePolicy),
    restartPolicy: pointer(oneOf(24, 'Not allowed; it never restarts.', ['Always', 'Never', 'OnFailure'])),
    restartPolicyRules: list(25, 'Not allowed.', ContainerRestartRule),
    volumeMounts: listMap(9, 'Volumes of the pod that it sees as files; no sub-paths.', ['mountPath'], VolumeMount, {
      patchMergeKey: 'mountPath',
    }),
    volumeDevices: listMap(21, 'Volumes of the pod that it sees as block devices.', ['devicePath'], VolumeDevice, {
      patchMergeKey: 'devicePath',
    }),
    livenessProbe: pointer(of(10, 'Not allowed.', Probe)),
    readinessProbe: pointer(of(11, 'Not allowed.', Probe)),
    startupProbe: pointer(of(22, 'Not allowed.', Probe)),
    lifecycle: pointer(of(12, 'Not allowed.', Lifecycle)),
    terminationMessagePath: string(13, 'The file in which it may say why it ended.'),
    terminationMessagePolicy: oneOf(20, 'Whether the end of the log stands in for an empty message when it failed.', [
      'File',
      'FallbackToLogsOnError',
    ]),
    imagePullPolicy: string(14, 'When the image is pulled.', { enum: ['Always', 'Never', 'IfNotPresent'] }),
    securityContext: pointer(of(15, 'What its processes may do.', SecurityContext)),
    stdin: bool(16, 'Whether standard input is kept open for `kubectl attach`.'),
    stdinOnce: bool(17, 'Whether standard input closes when the first client leaves.'),
    tty: bool(18, 'Whether it runs on a terminal; needs `stdin`.'),
  },
) {}

export class EphemeralContainer extends message(
  'A container that is added to a running pod to look around (`kubectl debug`). It cannot be changed or removed.',
  {
    ...inlined(1, EphemeralContainerCommon),
    targetContainerName: string(2, 'The container whose processes it sees; none by default.'),
  },
) {}
