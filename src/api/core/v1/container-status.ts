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

export class ContainerStateWaiting extends message('ContainerStateWaiting.', {
  reason: string(1, 'The reason.'),
  message: string(2, 'The message.'),
}) {}

export class ContainerStateRunning extends message('ContainerStateRunning.', {
  startedAt: time(1, 'The started at.'),
}) {}

export class ContainerStateTerminated extends message('ContainerStateTerminated.', {
  exitCode: required(int32(1, 'The exit code.')),
  signal: int32(2, 'The signal.'),
  reason: string(3, 'The reason.'),
  message: string(4, 'The message.'),
  startedAt: time(5, 'The started at.'),
  finishedAt: time(6, 'The finished at.'),
  containerID: string(7, 'The container id.'),
}) {}

export class ContainerState extends message('ContainerState.', {
  waiting: pointer(of(1, 'The waiting.', ContainerStateWaiting)),
  running: pointer(of(2, 'The running.', ContainerStateRunning)),
  terminated: pointer(of(3, 'The terminated.', ContainerStateTerminated)),
}) {}

export class LinuxContainerUser extends message('LinuxContainerUser.', {
  uid: required(int64(1, 'The uid.')),
  gid: required(int64(2, 'The gid.')),
  supplementalGroups: list(3, 'The supplemental groups.', int64(0, '')),
}) {}

export class ContainerUser extends message('ContainerUser.', {
  linux: pointer(of(1, 'The linux.', LinuxContainerUser)),
}) {}

export class ResourceHealth extends message('ResourceHealth.', {
  resourceID: required(string(1, 'The resource id.')),
  health: string(2, 'The health.'),
  message: pointer(string(6, 'The message.')),
}) {}

export class ResourceStatus extends message('ResourceStatus.', {
  name: required(string(1, 'The name.')),
  resources: listMap(2, 'The resources.', ['resourceID'], ResourceHealth),
}) {}

export class ImageVolumeStatus extends message('ImageVolumeStatus.', {
  imageRef: required(string(1, 'The image ref.', { emitEmpty: false })),
}) {}

export class VolumeStatus extends message('VolumeStatus.', {
  image: pointer(of(1, 'The image.', ImageVolumeStatus)),
}) {}

export class VolumeMountStatus extends message('VolumeMountStatus.', {
  name: required(string(1, 'The name.')),
  mountPath: required(string(2, 'The mount path.')),
  readOnly: bool(3, 'The read only.'),
  recursiveReadOnly: pointer(oneOf(4, 'The recursive read only.', ['Disabled', 'IfPossible', 'Enabled'])),
  volumeStatus: pointer(of(5, 'The volume status.', VolumeStatus)),
}) {}

export class ContainerStatus extends message('ContainerStatus.', {
  name: required(string(1, 'The name.')),
  state: of(2, 'The state.', ContainerState),
  lastState: of(3, 'The last state.', ContainerState),
  ready: required(bool(4, 'The ready.')),
  restartCount: required(int32(5, 'The restart count.')),
  image: required(string(6, 'The image.')),
  imageID: required(string(7, 'The image id.')),
  containerID: string(8, 'The container id.'),
  started: pointer(bool(9, 'The started.')),
  allocatedResources: map(10, 'The allocated resources.', quantity(0, '')),
  resources: pointer(of(11, 'The resources.', ResourceRequirements)),
  volumeMounts: listMap(12, 'The volume mounts.', ['mountPath'], VolumeMountStatus, { patchMergeKey: 'mountPath' }),
  user: pointer(of(13, 'The user.', ContainerUser)),
  allocatedResourcesStatus: listMap(14, 'The allocated resources status.', ['name'], ResourceStatus, {
    patchMergeKey: 'name',
  }),
  stopSignal: pointer(oneOf(15, 'The stop signal.', signals)),
}) {}
