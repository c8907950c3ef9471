import { int32, list, message, of, pointer, present, string } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { typeMeta } from './type-meta.ts';

export class StatusCause extends message('StatusCause.', {
  reason: string(1, 'The reason.'),
  message: string(2, 'The message.'),
  field: string(3, 'The field.'),
}) {}

export class StatusDetails extends message('StatusDetails.', {
  name: string(1, 'The name.'),
  group: string(2, 'The group.'),
  kind: string(3, 'The kind.'),
  uid: string(6, 'The uid.'),
  causes: list(4, 'The causes.', StatusCause),
  retryAfterSeconds: int32(5, 'The retry after seconds.'),
}) {}

export class Status extends message('Status.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ListMeta)),
  status: string(2, 'What is.'),
  message: string(3, 'The message.'),
  reason: string(4, 'The reason.'),
  details: pointer(of(5, 'The details.', StatusDetails)),
  code: int32(6, 'The code.'),
}) {}
