import { list, listMap, message, of, present, required, string, time } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class NamespaceSpec extends message('What is wanted of a namespace.', {
  finalizers: list(1, 'Who has to agree before it is gone.', string(0, '')),
}) {}

export class NamespaceCondition extends message("One aspect of a namespace's end.", {
  type: required(string(1, 'Which aspect.')),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  lastTransitionTime: time(4, 'Since when it is so.'),
  reason: string(5, 'Why, in one word.'),
  message: string(6, 'Why, in a sentence.'),
}) {}

export class NamespaceStatus extends message('How a namespace does.', {
  phase: string(1, 'Whether it is in use, or ending.', { enum: ['Active', 'Terminating'] }),
  conditions: listMap(2, 'What is left to do, while it ends.', ['type'], NamespaceCondition, { patchMergeKey: 'type' }),
}) {}

export class Namespace extends message('A space of names. Deleting it deletes everything in it.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', NamespaceSpec)),
  status: present(of(3, 'What is.', NamespaceStatus)),
}) {}
