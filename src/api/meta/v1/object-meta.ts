import { bool, int64, list, listMap, map, message, pointer, raw, required, set, string, time } from '#machinery';

export class OwnerReference extends message(
  'OwnerReference.',
  {
    apiVersion: required(string(5, 'The api version.', { minLength: 0 })),
    kind: required(string(1, 'The kind.', { minLength: 0 })),
    name: required(string(3, 'The name.', { minLength: 0 })),
    uid: required(string(4, 'The uid.', { minLength: 0 })),
    controller: pointer(bool(6, 'The controller.')),
    blockOwnerDeletion: pointer(bool(7, 'The block owner deletion.')),
  },
  { mapType: 'atomic' },
) {}

export class ManagedFieldsEntry extends message('ManagedFieldsEntry.', {
  manager: string(1, 'The manager.'),
  operation: string(2, 'The operation.'),
  apiVersion: string(3, 'The api version.'),
  time: pointer(time(4, 'The time.')),
  fieldsType: string(6, 'The fields type.'),
  fieldsV1: pointer(raw(7, 'The fields v1.', 'fieldsV1')),
  subresource: string(8, 'The subresource.'),
}) {}

export class ObjectMeta extends message('ObjectMeta.', {
  name: string(1, 'The name.'),
  generateName: string(2, 'The generate name.'),
  namespace: string(3, 'The namespace.'),
  selfLink: string(4, 'The self link.'),
  uid: string(5, 'The uid.'),
  resourceVersion: string(6, 'The resource version.'),
  generation: int64(7, 'The generation.'),
  creationTimestamp: time(8, 'The creation timestamp.'),
  deletionTimestamp: pointer(time(9, 'The deletion timestamp.')),
  deletionGracePeriodSeconds: pointer(int64(10, 'The deletion grace period seconds.')),
  labels: map(11, 'The labels.', string(0, '')),
  annotations: map(12, 'The annotations.', string(0, '')),
  ownerReferences: listMap(13, 'The owner references.', ['uid'], OwnerReference, { patchMergeKey: 'uid' }),
  finalizers: set(14, 'The finalizers.', string(0, ''), { patchStrategy: ['merge'] }),
  managedFields: list(17, 'The managed fields.', ManagedFieldsEntry),
}) {}
