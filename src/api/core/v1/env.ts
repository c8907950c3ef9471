import { bool, inlined, message, of, pointer, quantity, required, string } from '#machinery';
import { LocalObjectReference } from './references.ts';

export class ObjectFieldSelector extends message(
  'ObjectFieldSelector.',
  {
    apiVersion: string(1, 'The api version.'),
    fieldPath: required(string(2, 'The field path.')),
  },
  { mapType: 'atomic' },
) {}

export class ResourceFieldSelector extends message(
  'ResourceFieldSelector.',
  {
    containerName: string(1, 'The container name.'),
    resource: required(string(2, 'The resource.')),
    divisor: quantity(3, 'The divisor.'),
  },
  { mapType: 'atomic' },
) {}

export class ConfigMapKeySelector extends message(
  'ConfigMapKeySelector.',
  {
    ...inlined(1, LocalObjectReference),
    key: required(string(2, 'The key.')),
    optional: pointer(bool(3, 'The optional.')),
  },
  { mapType: 'atomic' },
) {}

export class SecretKeySelector extends message(
  'SecretKeySelector.',
  {
    ...inlined(1, LocalObjectReference),
    key: required(string(2, 'The key.')),
    optional: pointer(bool(3, 'The optional.')),
  },
  { mapType: 'atomic' },
) {}

export class FileKeySelector extends message(
  'FileKeySelector.',
  {
    volumeName: required(string(1, 'The volume name.')),
    path: required(string(2, 'The path.')),
    key: required(string(3, 'The key.')),
    optional: pointer(bool(4, 'The optional.', { default: false })),
  },
  { mapType: 'atomic' },
) {}

export class EnvVarSource extends message('EnvVarSource.', {
  fieldRef: pointer(of(1, 'The field ref.', ObjectFieldSelector)),
  resourceFieldRef: pointer(of(2, 'The resource field ref.', ResourceFieldSelector)),
  configMapKeyRef: pointer(of(3, 'The config map key ref.', ConfigMapKeySelector)),
  secretKeyRef: pointer(of(4, 'The secret key ref.', SecretKeySelector)),
  fileKeyRef: pointer(of(5, 'The file key ref.', FileKeySelector)),
}) {}

export class EnvVar extends message('EnvVar.', {
  name: required(string(1, 'The name.')),
  value: string(2, 'The value.'),
  valueFrom: pointer(of(3, 'The value from.', EnvVarSource)),
}) {}

export class ConfigMapEnvSource extends message('ConfigMapEnvSource.', {
  ...inlined(1, LocalObjectReference),
  optional: pointer(bool(2, 'The optional.')),
}) {}

export class SecretEnvSource extends message('SecretEnvSource.', {
  ...inlined(1, LocalObjectReference),
  optional: pointer(bool(2, 'The optional.')),
}) {}

export class EnvFromSource extends message('EnvFromSource.', {
  prefix: string(1, 'The prefix.'),
  configMapRef: pointer(of(2, 'The config map ref.', ConfigMapEnvSource)),
  secretRef: pointer(of(3, 'The secret ref.', SecretEnvSource)),
}) {}
