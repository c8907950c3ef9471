import { bool, int64, list, listMap, map, message, pointer, raw, required, set, string, time } from '#machinery';

export class OwnerReference extends message(
  'An object that this one belongs to, and goes with.',
  {
    apiVersion: required(string(5, 'The group and version of the owner.', { minLength: 0 })),
    kind: required(string(1, 'The kind of the owner.', { minLength: 0 })),
    name: required(string(3, "The owner's name.", { minLength: 0 })),
    uid: required(string(4, "The owner's identity.", { minLength: 0 })),
    controller: pointer(bool(6, 'Whether the owner manages this object; only one may.')),
    blockOwnerDeletion: pointer(
      bool(7, 'Whether the owner waits for this object when it is deleted in the foreground.'),
    ),
  },
  { mapType: 'atomic' },
) {}

export class ManagedFieldsEntry extends message('What one writer has set of an object.', {
  manager: string(1, "The writer's name."),
  operation: string(2, '`Apply` or `Update`.'),
  apiVersion: string(3, 'The version that the fields are written in.'),
  time: pointer(time(4, 'When the writer last changed them.')),
  fieldsType: string(6, 'How the fields are written; `FieldsV1`.'),
  fieldsV1: pointer(raw(7, 'The fields.', 'fieldsV1')),
  subresource: string(8, 'The subresource that they were written by.'),
}) {}

export class ObjectMeta extends message('What every object has: who it is, what it is called, who holds it.', {
  name: string(1, 'Its name, unique among its kind in the namespace. It never changes.'),
  generateName: string(2, 'The beginning of a name that the server completes, where no name is given.'),
  namespace: string(3, 'The namespace it lives in. It never changes.'),
  selfLink: string(4, 'No longer told.'),
  uid: string(5, 'Its identity, which no later object of the same name shares.'),
  resourceVersion: string(6, 'The version of what is stored; it changes with every write.'),
  generation: int64(7, 'Counts the changes of what is wanted.'),
  creationTimestamp: time(8, 'When it was created.', { omitZero: true }),
  deletionTimestamp: pointer(time(9, 'When it is to be gone. It cannot be taken back.')),
  deletionGracePeriodSeconds: pointer(int64(10, 'How long it has to end.')),
  labels: map(11, 'Short values to find it by.', string(0, '')),
  annotations: map(12, 'Values of any kind, for people and tools.', string(0, '')),
  ownerReferences: listMap(13, 'Objects that it belongs to. When all are gone, so is it.', ['uid'], OwnerReference, {
    patchMergeKey: 'uid',
  }),
  finalizers: set(14, 'Who has to agree before it is gone.', string(0, ''), { patchStrategy: ['merge'] }),
  managedFields: list(17, 'Who has set which fields, for server-side apply.', ManagedFieldsEntry),
}) {}
