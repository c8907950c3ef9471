import { message, pointer, required, string } from '#machinery';

export class ObjectReference extends message(
  'A pointer to any object, or to a part of one.',
  {
    kind: string(1, 'The kind of the object.'),
    namespace: string(2, 'The namespace it lives in.'),
    name: string(3, 'Its name.'),
    uid: string(4, 'Its identity, which no later object of the same name shares.'),
    apiVersion: string(5, 'The group and version of its kind.'),
    resourceVersion: string(6, 'The version of the object that is meant.'),
    fieldPath: string(7, 'The part that is meant, such as `spec.containers{name}`.'),
  },
  { mapType: 'atomic' },
) {}

export class LocalObjectReference extends message(
  'The name of an object in the same namespace.',
  {
    name: string(1, "The object's name.", { default: '' }),
  },
  { mapType: 'atomic' },
) {}

export class TypedLocalObjectReference extends message(
  'An object of any kind in the same namespace.',
  {
    apiGroup: pointer(string(1, 'The API group of the kind; empty for the core group.', { emitEmpty: true })),
    kind: required(string(2, 'The kind of the object.')),
    name: required(string(3, 'Its name.')),
  },
  { mapType: 'atomic' },
) {}

export class TypedObjectReference extends message('An object of any kind, perhaps in another namespace.', {
  apiGroup: pointer(string(1, 'The API group of the kind; empty for the core group.', { emitEmpty: true })),
  kind: required(string(2, 'The kind of the object.')),
  name: required(string(3, 'Its name.')),
  namespace: pointer(string(4, "Its namespace. Another than one's own needs a ReferenceGrant there.")),
}) {}

export class SecretReference extends message(
  'A Secret in any namespace.',
  {
    name: string(1, "The Secret's name."),
    namespace: string(2, 'The namespace it lives in.'),
  },
  { mapType: 'atomic' },
) {}
