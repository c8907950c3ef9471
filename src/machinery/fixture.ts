import {
  bool,
  bytes,
  inlined,
  int32,
  int64,
  intOrString,
  list,
  listMap,
  map,
  message,
  microTime,
  of,
  oneOf,
  pointer,
  present,
  quantity,
  raw,
  required,
  set,
  string,
  time,
} from './schema/fields.ts';

/**
 * A small API to try the machinery on: the shapes of the real one (a list by merge key, an inline struct, pointers,
 * values that are structs in Go), without depending on the room that has it.
 */

export class Meta extends message('Who an object is.', {
  name: string(1, 'Its name.'),
  uid: string(5, 'Its identity.'),
  generation: int64(7, 'Counts changes of the spec.'),
  creationTimestamp: present(time(8, 'When it was made.')),
  labels: map(11, 'Labels.', string(0, '')),
  finalizers: set(14, 'Who must agree to its end.', string(0, ''), { patchStrategy: ['merge'] }),
}) {}

export class Port extends message('A port.', {
  name: string(1, 'Its name.', { format: 'portName' }),
  hostPort: int32(2, 'On the host.', { minimum: 0, maximum: 65535 }),
  containerPort: required(int32(3, 'On the pod.', { minimum: 1, maximum: 65535 })),
  protocol: oneOf(4, 'TCP or UDP.', ['TCP', 'UDP'], { default: 'TCP' }),
}) {}

export class Env extends message('A variable.', {
  name: required(string(1, 'Its name.')),
  value: string(2, 'Its value.'),
}) {}

export class Container extends message('A container.', {
  name: required(string(1, 'Its name.')),
  args: list(4, 'Arguments.', string(0, '')),
  ports: listMap(6, 'A list by key.', ['containerPort', 'protocol'], Port, { patchMergeKey: 'containerPort' }),
  env: listMap(7, 'A list by key.', ['name'], Env, { patchMergeKey: 'name' }),
  limits: map(8, 'Limits.', quantity(0, '')),
  tty: bool(18, 'A terminal.'),
}) {}

export class EmptyDir extends message('A scratch directory.', {
  medium: string(1, 'Where it lives.'),
  sizeLimit: pointer(quantity(2, 'How large it may get.')),
}) {}

export class ConfigFile extends message('A file.', {
  name: string(1, 'Its name.', { default: '' }),
  optional: pointer(bool(4, 'Whether it may lack.')),
}) {}

export class VolumeSource extends message('One of these.', {
  emptyDir: pointer(of(2, 'Scratch.', EmptyDir)),
  config: pointer(of(19, 'A file.', ConfigFile)),
}) {}

export class Volume extends message('A volume.', {
  name: required(string(1, 'Its name.')),
  ...inlined(2, VolumeSource),
}) {}

export class Strategy extends message('How to roll.', {
  type: oneOf(1, 'Its kind.', ['Recreate', 'RollingUpdate'], { default: 'RollingUpdate' }),
  maxSurge: pointer(intOrString(2, 'How many more.')),
}) {}

export class Spec extends message('What is wanted.', {
  volumes: listMap(1, 'A list by key.', ['name'], Volume, {
    patchMergeKey: 'name',
    patchStrategy: ['merge', 'retainKeys'],
  }),
  containers: required(listMap(2, 'A list by key.', ['name'], Container, { patchMergeKey: 'name' })),
  replicas: pointer(int32(3, 'How many.', { default: 1 })),
  strategy: of(4, 'How to roll.', Strategy, { patchStrategy: ['retainKeys'] }),
  target: intOrString(5, 'A port.'),
  tolerations: list(6, 'What it bears.', Env),
}) {}

export class Status extends message('What is.', {
  phase: string(1, 'In one word.'),
  total: quantity(2, 'How much.'),
  renewed: pointer(microTime(3, 'When last heard of.')),
}) {}

export class Thing extends message('Everything above.', {
  kind: string(0, 'Kind.'),
  apiVersion: string(0, 'Version.'),
  metadata: present(of(1, 'Metadata.', Meta)),
  spec: present(of(2, 'Spec.', Spec)),
  status: present(of(3, 'Status.', Status)),
  data: map(4, 'Bytes.', bytes(0, '')),
  extension: pointer(raw(5, 'Anything.', 'rawExtension')),
}) {}
