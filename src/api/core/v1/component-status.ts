import { listMap, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ComponentCondition extends message('One aspect of how a component does.', {
  type: required(string(1, 'Which aspect; only `Healthy`.')),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  message: string(3, 'What the component said.'),
  error: string(4, 'Why it could not be asked, or what is wrong with it.'),
}) {}

export class ComponentStatus extends message('How a part of the control plane does. Out of date since v1.19.', {
  ...typeMeta,
  metadata: present(of(1, 'The name of the component.', ObjectMeta)),
  conditions: listMap(2, 'How it does, aspect by aspect.', ['type'], ComponentCondition, { patchMergeKey: 'type' }),
}) {}
