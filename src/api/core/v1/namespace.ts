import { list, listMap, message, of, present, required, string, time } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class NamespaceSpec extends message('NamespaceSpec.', {
  finalizers: list(1, 'The finalizers.', string(0, '')),
}) {}

export class NamespaceCondition extends message('NamespaceCondition.', {
  type: required(string(1, 'The type.')),
  status: required(string(2, 'What is.')),
  lastTransitionTime: time(4, 'The last transition time.'),
  reason: string(5, 'The reason.'),
  message: string(6, 'The message.'),
}) {}

export class NamespaceStatus extends message('NamespaceStatus.', {
  phase: string(1, 'The phase.', { enum: ['Active', 'Terminating'] }),
  conditions: listMap(2, 'The conditions.', ['type'], NamespaceCondition, { patchMergeKey: 'type' }),
}) {}

export class Namespace extends message('Namespace.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', NamespaceSpec)),
  status: present(of(3, 'What is.', NamespaceStatus)),
}) {}
