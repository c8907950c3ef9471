import { int32, list, listMap, message, of, oneOf, pointer, present, required, string, time } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { PolicyRulesWithSubjects } from './flow-schema-rules.ts';

export class PriorityLevelConfigurationReference extends message('A priority level.', {
  name: required(string(1, 'Its name.', { minLength: 0 })),
}) {}

export class FlowDistinguisherMethod extends message('How requests are told apart, so that no flow starves another.', {
  type: required(oneOf(1, 'By what.', ['ByNamespace', 'ByUser'], { enumIsForRules: true })),
}) {}

export class FlowSchemaSpec extends message('Which requests match, and where they go.', {
  priorityLevelConfiguration: required(
    of(1, 'The priority level that they go to.', PriorityLevelConfigurationReference),
  ),
  matchingPrecedence: int32(2, 'The schema with the lowest number that matches is taken; 1000 by default.', {
    emitEmpty: true,
  }),
  distinguisherMethod: pointer(of(3, 'How they are told apart; not at all by default.', FlowDistinguisherMethod)),
  rules: list(4, 'Which requests match; one of these has to.', PolicyRulesWithSubjects),
}) {}

export class FlowSchemaCondition extends message('One aspect of how a FlowSchema does.', {
  type: string(1, 'Which aspect, such as `Dangling`.'),
  status: string(2, '`True`, `False` or `Unknown`.'),
  lastTransitionTime: time(3, 'Since when it is so.'),
  reason: string(4, 'Why, in one word.'),
  message: string(5, 'Why, in a sentence.'),
}) {}

export class FlowSchemaStatus extends message('How a FlowSchema does.', {
  conditions: listMap(1, 'How it does, aspect by aspect.', ['type'], FlowSchemaCondition, { patchMergeKey: 'type' }),
}) {}

export class FlowSchema extends message('Sends requests of some kind to a priority level.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', FlowSchemaSpec)),
  status: present(of(3, 'What is.', FlowSchemaStatus)),
}) {}
