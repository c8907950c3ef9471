import {
  bool,
  int32,
  int64,
  list,
  listMap,
  map,
  message,
  of,
  oneOf,
  pointer,
  quantity,
  required,
  string,
  time,
} from '#machinery';
import { ResourceRequirements } from './resources.ts';
import { signals } from './signals.ts';

export class ContainerStateWaiting extends message('The container does not run yet.', {
  reason: string(1, 'Why, in one word: `ContainerCreating`, `CrashLoopBackOff`.'),
  message: string(2, 'Why, in a sentence.'),
}) {}

export class ContainerStateRunning extends message('The container runs.', {
  startedAt: time(1, 'Since when.'),
}) {}

export class ContainerStateTerminated extends message('The container has ended.', {
  exitCode: required(int32(1, 'Its exit code.')),
  signal: int32(2, 'The signal that ended it, if one did.'),
  reason: string(3, 'Why, in one word: `Completed`, `Error`, `OOMKilled`.'),
  message: string(4, 'Its last words, from the termination message file or its log.'),
  startedAt: time(5, 'When it had started.'),
  finishedAt: time(6, 'When it ended.'),
  containerID: string(7, 'Which container it was, as `runtime://id`.'),
}) {}

export class ContainerState extends message(
  'Where a container is in its life; at most one of these, waiting when none is told.',
  {
    waiting: pointer(of(1, 'It does not run yet.', ContainerStateWaiting)),
    running: pointer(of(2, 'It runs.', ContainerStateRunning)),
    terminated: pointer(of(3, 'It has ended.', ContainerStateTerminated)),
  },
) {}

export class LinuxContainerUser extends message('Whom the first process of a Linux container runs as.', {
  uid: required(int64(1, 'The user id.')),
  gid: required(int64(2, 'The group id.')),
  supplementalGroups: list(3, 'The further groups.', int64(0, '')),
}) {}

export class ContainerUser extends message('Whom the first process of a container runs as.', {
  linux: pointer(of(1, 'On Linux.', LinuxContainerUser)),
}) {}

export class ResourceHealth extends message('How one device does.', {
  resourceID: required(string(1, 'The device, as its plugin calls it.')),
  health: string(2, '`Healthy`, `Unhealthy` or `Unknown`.'),
  message: pointer(string(6, 'More about it.')),
}) {}

export class ResourceStatus extends message('How the devices of one resource do.', {
  name: required(string(1, 'The resource, or the claim.')),
  resources: listMap(2, 'Its devices.', ['resourceID'], ResourceHealth),
}) {}

export class ImageVolumeStatus extends message('What an image volume turned out to be.', {
  imageRef: required(string(1, 'The digest of the mounted image.', { emitEmpty: false })),
}) {}

export class VolumeStatus extends message('What the kubelet knows of a mounted volume.', {
  image: pointer(of(1, 'Of an image volume.', ImageVolumeStatus)),
}) {}

export class VolumeMountStatus extends message('How a volume was mounted.', {
  name: required(string(1, "The volume's name.")),
  mountPath: required(string(2, 'The path in the container.')),
  readOnly: bool(3, 'Whether it is read-only.'),
  recursiveReadOnly: pointer(
    oneOf(4, 'Whether mounts below it are read-only too.', ['Disabled', 'IfPossible', 'Enabled']),
  ),
  volumeStatus: pointer(of(5, 'What the kubelet knows of the volume.', VolumeStatus)),
}) {}

export class ContainerStatus extends message('How one container of a pod does.', {
  name: required(string(1, "The container's name.")),
  state: of(2, 'Where it is now.', ContainerState),
  lastState: of(3, 'How it ended the last time.', ContainerState),
  ready: required(bool(4, 'Whether it runs and its readiness probe passes.')),
  restartCount: required(int32(5, 'How often it was restarted.')),
  image: required(string(6, 'The image it runs.')),
  imageID: required(string(7, 'The digest of that image.')),
  containerID: string(8, 'Which container it is, as `runtime://id`.'),
  started: pointer(bool(9, 'Whether it passed its startup probe and its post-start hook.')),
  allocatedResources: map(10, 'What the node has set aside for it.', quantity(0, '')),
  resources: pointer(of(11, 'What is in force for it.', ResourceRequirements)),
  volumeMounts: listMap(12, 'How its volumes were mounted.', ['mountPath'], VolumeMountStatus, {
    patchMergeKey: 'mountPath',
  }),
  user: pointer(of(13, 'Whom it runs as.', ContainerUser)),
  allocatedResourcesStatus: listMap(14, 'How its devices do.', ['name'], ResourceStatus, { patchMergeKey: 'name' }),
  stopSignal: pointer(oneOf(15, 'The signal that will stop it.', signals)),
}) {}
