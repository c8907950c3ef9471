import { list, message, of, pointer, present } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { PolicyRule } from './policy-rule.ts';

export class Role extends message('What may be done in a namespace.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  rules: list(2, 'What may be done.', PolicyRule, { emitEmpty: true }),
}) {}

export class AggregationRule extends message('Which cluster roles make up another one.', {
  clusterRoleSelectors: list(1, 'Their labels; one of these has to match.', LabelSelector),
}) {}

export class ClusterRole extends message('What may be done in the cluster, or, by a RoleBinding, in a namespace.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  rules: list(2, 'What may be done.', PolicyRule, { emitEmpty: true }),
  aggregationRule: pointer(
    of(3, 'Which other roles it is made of. Then its rules are written by the controller.', AggregationRule),
  ),
}) {}
