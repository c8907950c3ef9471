import { list, map, message, of, present, quantity, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class LimitRangeItem extends message('What one kind of thing may use.', {
  type: required(string(1, 'Which kind: `Pod`, `Container` or `PersistentVolumeClaim`.', { minLength: 0 })),
  max: map(2, 'The most of each resource.', quantity(0, '')),
  min: map(3, 'The least of each resource.', quantity(0, '')),
  default: map(4, 'The limits of containers that say none.', quantity(0, '')),
  defaultRequest: map(5, 'The requests of containers that say none.', quantity(0, '')),
  maxLimitRequestRatio: map(6, 'How many times the request a limit may be at most.', quantity(0, '')),
}) {}

export class LimitRangeSpec extends message('What things in the namespace may use, kind by kind.', {
  limits: required(list(1, 'The limits of each kind.', LimitRangeItem)),
}) {}

export class LimitRange extends message('What a single pod, container or claim of the namespace may use.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'The limits.', LimitRangeSpec)),
}) {}
