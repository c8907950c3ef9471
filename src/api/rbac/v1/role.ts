import { list, message, of, pointer, present } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { PolicyRule } from './policy-rule.ts';

export class Role extends message('Role.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  rules: list(2, 'The rules.', PolicyRule, { emitEmpty: true }),
}) {}

export class AggregationRule extends message('AggregationRule.', {
  clusterRoleSelectors: list(1, 'The cluster role selectors.', LabelSelector),
}) {}

export class ClusterRole extends message('ClusterRole.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  rules: list(2, 'The rules.', PolicyRule, { emitEmpty: true }),
  aggregationRule: pointer(of(3, 'The aggregation rule.', AggregationRule)),
}) {}
