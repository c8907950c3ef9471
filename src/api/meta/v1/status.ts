import { int32, list, message, of, pointer, present, string } from '#machinery';
import { ListMeta } from './list-meta.ts';
import { typeMeta } from './type-meta.ts';

export class StatusCause extends message('One thing that is wrong.', {
  reason: string(1, 'What kind of thing.'),
  message: string(2, 'What, in a sentence.'),
  field: string(3, 'Where, as a path in the object.'),
}) {}

export class StatusDetails extends message('What an answer is about.', {
  name: string(1, "The object's name."),
  group: string(2, 'The API group.'),
  kind: string(3, 'The kind or resource.'),
  uid: string(6, "The object's identity."),
  causes: list(4, 'All that is wrong.', StatusCause),
  retryAfterSeconds: int32(5, 'When to try again.'),
}) {}

export class Status extends message('An answer that is not an object: yes, or no and why.', {
  ...typeMeta,
  metadata: present(of(1, 'The version of the list that a watch stopped at, and the like.', ListMeta)),
  status: string(2, '`Success` or `Failure`.'),
  message: string(3, 'Why, in a sentence.'),
  reason: string(4, 'Why, in one word.'),
  details: pointer(of(5, 'What it is about.', StatusDetails)),
  code: int32(6, 'The HTTP code.'),
}) {}
