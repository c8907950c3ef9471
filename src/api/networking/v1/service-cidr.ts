import { list, listMap, message, of, present, string } from '#machinery';
import { Condition } from '../../meta/v1/condition.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ServiceCIDRSpec extends message('Which addresses Services get.', {
  cidrs: list(
    1,
    'The range, or one of each family. It never changes, but for a second family that is added.',
    string(0, ''),
  ),
}) {}

export class ServiceCIDRStatus extends message('How a range does.', {
  conditions: listMap(1, 'Whether addresses of it are given out.', ['type'], Condition, { patchMergeKey: 'type' }),
}) {}

export class ServiceCIDR extends message('A range of addresses that Services get.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', ServiceCIDRSpec)),
  status: present(of(3, 'What is.', ServiceCIDRStatus)),
}) {}
