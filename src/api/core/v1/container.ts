import { bool, int32, list, listMap, message, of, oneOf, pointer, required, set, string } from '#machinery';
import { EnvFromSource, EnvVar } from './env.ts';
import { Lifecycle, Probe } from './probe.ts';
import { ContainerResizePolicy, ResourceRequirements } from './resources.ts';
import { SecurityContext } from './security-context.ts';

export class ContainerPort extends message('A port that a container listens on.', {
  name: string(1, 'An IANA service name, unique in the pod; Services may refer to it.', { format: 'portName' }),
  hostPort: int32(2, 'A port of the node that leads here. A node has room for one such pod.', {
    minimum: 1,
    maximum: 65535,
  }),
  containerPort: required(int32(3, "The port on the pod's IP.", { minimum: 1, maximum: 65535 })),
  protocol: string(4, 'The layer-4 protocol.', { enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' }),
  hostIP: string(5, 'The address of the node that the host port is bound to.'),
}) {}

export class VolumeMount extends message('Where a volume of the pod appears in a container.', {
  name: required(string(1, "The volume's name.")),
  readOnly: bool(2, 'Whether the container cannot write to it.'),
  recursiveReadOnly: pointer(
    oneOf(7, 'Whether mounts below it are read-only too.', ['Disabled', 'IfPossible', 'Enabled'], {
      enumIsForRules: true,
    }),
  ),
  mountPath: required(string(3, 'The path in the container.')),
  subPath: string(4, 'A path in the volume that is mounted instead of its root.'),
  mountPropagation: pointer(
    oneOf(5, 'Whether mounts made later on one side show on the other.', ['None', 'HostToContainer', 'Bidirectional'], {
      enumIsForRules: true,
    }),
  ),
  subPathExpr: string(6, "As `subPath`, with the container's variables filled in (`$(NAME)`)."),
}) {}

export class VolumeDevice extends message('Where a raw block volume appears in a container.', {
  name: required(string(1, "The name of the claim's volume.")),
  devicePath: required(string(2, "The device's path in the container.")),
}) {}

export class ContainerRestartRuleOnExitCodes extends message('Which exit codes a restart rule is for.', {
  operator: required(
    oneOf(1, 'Whether the code has to be in the list, or out of it.', ['In', 'NotIn'], {
      emitEmpty: false,
      enumIsForRules: true,
    }),
  ),
  values: set(2, 'The exit codes.', int32(0, '')),
}) {}

export class ContainerRestartRule extends message('What happens to a container that ends in a certain way.', {
  action: required(
    oneOf(1, 'What is done.', ['Restart', 'RestartAllContainers'], {
      emitEmpty: false,
      enumIsForRules: true,
    }),
  ),
  exitCodes: pointer(of(2, 'For which exit codes.', ContainerRestartRuleOnExitCodes)),
}) {}

export class Container extends message(
  'One container of a pod.',
  {
    name: required(string(1, 'A DNS label, unique in the pod.', { format: 'dnsLabel' })),
    image: string(2, 'The image it runs.'),
    command: list(
      3,
      "The program and its first arguments, instead of the image's entry point. `$(NAME)` is replaced by variables.",
      string(0, ''),
    ),
    args: list(4, "The arguments, instead of the image's own. `$(NAME)` is replaced by variables.", string(0, '')),
    workingDir: string(5, "The directory it starts in; the image's own by default."),
    ports: listMap(
      6,
      "The ports it listens on. They inform; every port of the pod's IP can be reached.",
      ['containerPort', 'protocol'],
      ContainerPort,
      { patchMergeKey: 'containerPort' },
    ),
    envFrom: list(
      19,
      'ConfigMaps and Secrets whose values become variables. Later ones win, and `env` wins over all.',
      EnvFromSource,
    ),
    env: listMap(7, 'Environment variables.', ['name'], EnvVar, { patchMergeKey: 'name' }),
    resources: of(8, 'What it may use, and what it is promised.', ResourceRequirements),
    resizePolicy: list(23, 'Which resource changes restart it.', ContainerResizePolicy),
    restartPolicy: pointer(
      oneOf(24, "When it restarts, instead of the pod's policy. An init container with `Always` is a sidecar.", [
        'Always',
        'Never',
        'OnFailure',
      ]),
    ),
    restartPolicyRules: list(
      25,
      'What happens at certain exit codes, before the restart policy is asked.',
      ContainerRestartRule,
    ),
    volumeMounts: listMap(9, 'Volumes of the pod that it sees as files.', ['mountPath'], VolumeMount, {
      patchMergeKey: 'mountPath',
    }),
    volumeDevices: listMap(21, 'Volumes of the pod that it sees as block devices.', ['devicePath'], VolumeDevice, {
      patchMergeKey: 'devicePath',
    }),
    livenessProbe: pointer(of(10, 'Whether it still lives; the kubelet restarts it when this fails.', Probe)),
    readinessProbe: pointer(of(11, 'Whether it can serve; Services leave it out while this fails.', Probe)),
    startupProbe: pointer(of(22, 'Whether it has started; the other probes wait for it.', Probe)),
    lifecycle: pointer(of(12, 'What is done after its start and before its end.', Lifecycle)),
    terminationMessagePath: string(13, 'The file in which it may say why it ended; `/dev/termination-log` by default.'),
    terminationMessagePolicy: oneOf(20, 'Whether the end of the log stands in for an empty message when it failed.', [
      'File',
      'FallbackToLogsOnError',
    ]),
    imagePullPolicy: string(
      14,
      'When the image is pulled: `Always` by default for the tag `latest`, else `IfNotPresent`.',
      { enum: ['Always', 'Never', 'IfNotPresent'] },
    ),
    securityContext: pointer(of(15, 'What its processes may do.', SecurityContext)),
    stdin: bool(16, 'Whether standard input is kept open for `kubectl attach`.'),
    stdinOnce: bool(17, 'Whether standard input closes when the first client leaves.'),
    tty: bool(18, 'Whether it runs on a terminal; needs `stdin`.'),
  },
  {
    walk: [
      'name',
      'image',
      'terminationMessagePolicy',
      'ports',
      'env',
      'envFrom',
      'volumeMounts',
      'volumeDevices',
      'imagePullPolicy',
      'resources',
      'resizePolicy',
      'securityContext',
      'lifecycle',
      'livenessProbe',
      'readinessProbe',
      'startupProbe',
    ],
  },
) {}
