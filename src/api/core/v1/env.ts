import { bool, inlined, message, of, pointer, quantity, required, string } from '#machinery';
import { LocalObjectReference } from './references.ts';

export class ObjectFieldSelector extends message(
  'A field of the pod, as the value of a variable or a file.',
  {
    apiVersion: string(1, 'The version in which the path is written; `v1` by default.'),
    fieldPath: required(string(2, 'The path, such as `metadata.name` or `status.podIP`.', { minLength: 0 })),
  },
  { mapType: 'atomic' },
) {}

export class ResourceFieldSelector extends message(
  'A request or limit of a container, as the value of a variable or a file.',
  {
    containerName: string(1, "Whose; needed in volumes, one's own in variables."),
    resource: required(string(2, 'Which, such as `limits.cpu`.', { minLength: 0 })),
    divisor: quantity(3, 'The unit in which it is told; 1 by default.'),
  },
  { mapType: 'atomic' },
) {}

export class ConfigMapKeySelector extends message(
  'One value of a ConfigMap.',
  {
    ...inlined(1, LocalObjectReference),
    key: required(string(2, 'The key of the value.')),
    optional: pointer(bool(3, 'Whether the ConfigMap or the key may be missing.')),
  },
  { mapType: 'atomic' },
) {}

export class SecretKeySelector extends message(
  'One value of a Secret.',
  {
    ...inlined(1, LocalObjectReference),
    key: required(string(2, 'The key of the value.')),
    optional: pointer(bool(3, 'Whether the Secret or the key may be missing.')),
  },
  { mapType: 'atomic' },
) {}

export class FileKeySelector extends message(
  'One variable of a file in a volume of the pod.',
  {
    volumeName: required(string(1, 'The volume that has the file.')),
    path: required(string(2, "The file, relative to the volume's root.")),
    key: required(string(3, "The variable's name in the file.")),
    optional: pointer(bool(4, 'Whether the file or the variable may be missing.', { default: false })),
  },
  { mapType: 'atomic' },
) {}

export class EnvVarSource extends message('Where the value of a variable comes from; exactly one of these.', {
  fieldRef: pointer(of(1, 'A field of the pod.', ObjectFieldSelector)),
  resourceFieldRef: pointer(of(2, 'A request or limit of the container.', ResourceFieldSelector)),
  configMapKeyRef: pointer(of(3, 'A value of a ConfigMap.', ConfigMapKeySelector)),
  secretKeyRef: pointer(of(4, 'A value of a Secret.', SecretKeySelector)),
  fileKeyRef: pointer(of(5, 'A variable of a file that an init container wrote.', FileKeySelector)),
}) {}

export class EnvVar extends message('An environment variable of a container.', {
  name: required(string(1, "The variable's name.")),
  value: string(2, 'Its value; `$(OTHER)` is replaced by a variable listed earlier, `$$` is a dollar sign.'),
  valueFrom: pointer(of(3, 'Where its value comes from, instead of `value`.', EnvVarSource)),
}) {}

export class ConfigMapEnvSource extends message('A ConfigMap whose values all become variables.', {
  ...inlined(1, LocalObjectReference),
  optional: pointer(bool(2, 'Whether the ConfigMap may be missing.')),
}) {}

export class SecretEnvSource extends message('A Secret whose values all become variables.', {
  ...inlined(1, LocalObjectReference),
  optional: pointer(bool(2, 'Whether the Secret may be missing.')),
}) {}

export class EnvFromSource extends message('A ConfigMap or Secret that gives a container its variables.', {
  prefix: string(1, "What is put before each key to make the variable's name."),
  configMapRef: pointer(of(2, 'The ConfigMap.', ConfigMapEnvSource)),
  secretRef: pointer(of(3, 'The Secret.', SecretEnvSource)),
}) {}
