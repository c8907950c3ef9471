import { int32, listMap, message, of, oneOf, pointer, present, required, string, time } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class QueuingConfiguration extends message('How requests wait.', {
  queues: int32(1, 'How many queues there are; 64 by default.', { emitEmpty: true }),
  handSize: int32(2, 'How many of them a flow is dealt; 8 by default.', { emitEmpty: true }),
  queueLengthLimit: int32(3, 'How many requests may wait in each; 50 by default.', { emitEmpty: true }),
}) {}

export class LimitResponse extends message(
  'What becomes of requests that can not be served at once.',
  {
    type: required(oneOf(1, 'Whether they wait, or are refused.', ['Queue', 'Reject'], { enumIsForRules: true })),
    queuing: pointer(of(2, 'How they wait.', QueuingConfiguration)),
  },
  { unions: [{ discriminator: 'type', fields: ['queuing'] }] },
) {}

export class LimitedPriorityLevelConfiguration extends message('How many requests of a level are served at once.', {
  nominalConcurrencyShares: pointer(
    int32(1, 'Its share of all that the server can do; 30 by default.', { emitEmpty: true }),
  ),
  limitResponse: present(of(2, 'What becomes of the others.', LimitResponse)),
  lendablePercent: pointer(int32(3, 'How much of its share it lends while it does not need it, in percent.')),
  borrowingLimitPercent: pointer(
    int32(4, 'How much it may borrow of others, in percent of its own share; without limit by default.'),
  ),
}) {}

export class ExemptPriorityLevelConfiguration extends message('How a level counts that is not limited.', {
  nominalConcurrencyShares: pointer(int32(1, 'Its share, from which others may borrow.')),
  lendablePercent: pointer(int32(2, 'How much of its share it lends while it does not need it, in percent.')),
}) {}

export class PriorityLevelConfigurationSpec extends message(
  'How many requests are served at once.',
  {
    type: required(oneOf(1, 'Whether there is a limit.', ['Exempt', 'Limited'], { enumIsForRules: true })),
    limited: pointer(of(2, 'The limit.', LimitedPriorityLevelConfiguration)),
    exempt: pointer(of(3, 'How it counts where there is none.', ExemptPriorityLevelConfiguration)),
  },
  { unions: [{ discriminator: 'type', fields: ['exempt', 'limited'] }] },
) {}

export class PriorityLevelConfigurationCondition extends message('One aspect of how a level does.', {
  type: string(1, 'Which aspect.'),
  status: string(2, '`True`, `False` or `Unknown`.'),
  lastTransitionTime: time(3, 'Since when it is so.'),
  reason: string(4, 'Why, in one word.'),
  message: string(5, 'Why, in a sentence.'),
}) {}

export class PriorityLevelConfigurationStatus extends message('How a level does.', {
  conditions: listMap(1, 'How it does, aspect by aspect.', ['type'], PriorityLevelConfigurationCondition, {
    patchMergeKey: 'type',
  }),
}) {}

export class PriorityLevelConfiguration extends message('A share of what the server can do at once.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', PriorityLevelConfigurationSpec)),
  status: present(of(3, 'What is.', PriorityLevelConfigurationStatus)),
}) {}
