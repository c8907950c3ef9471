import { message, pointer, required, string } from '#machinery';

export class ObjectReference extends message(
  'ObjectReference.',
  {
    kind: string(1, 'The kind.'),
    namespace: string(2, 'The namespace.'),
    name: string(3, 'The name.'),
    uid: string(4, 'The uid.'),
    apiVersion: string(5, 'The api version.'),
    resourceVersion: string(6, 'The resource version.'),
    fieldPath: string(7, 'The field path.'),
  },
  { mapType: 'atomic' },
) {}

export class LocalObjectReference extends message(
  'LocalObjectReference.',
  {
    name: string(1, 'The name.', { default: '' }),
  },
  { mapType: 'atomic' },
) {}

export class TypedLocalObjectReference extends message(
  'TypedLocalObjectReference.',
  {
    apiGroup: pointer(string(1, 'The api group.', { emitEmpty: true })),
    kind: required(string(2, 'The kind.')),
    name: required(string(3, 'The name.')),
  },
  { mapType: 'atomic' },
) {}

export class TypedObjectReference extends message('TypedObjectReference.', {
  apiGroup: pointer(string(1, 'The api group.', { emitEmpty: true })),
  kind: required(string(2, 'The kind.')),
  name: required(string(3, 'The name.')),
  namespace: pointer(string(4, 'The namespace.')),
}) {}

export class SecretReference extends message(
  'SecretReference.',
  {
    name: string(1, 'The name.'),
    namespace: string(2, 'The namespace.'),
  },
  { mapType: 'atomic' },
) {}
