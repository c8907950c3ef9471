import { bool, list, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class SelfSubjectRulesReviewSpec extends message('Where.', {
  namespace: string(1, 'The namespace.'),
}) {}

export class ResourceRule extends message('What may be done with resources.', {
  verbs: required(list(1, 'What may be done.', string(0, ''))),
  apiGroups: list(2, 'The API groups.', string(0, '')),
  resources: list(3, 'The resources.', string(0, '')),
  resourceNames: list(4, 'Only objects of these names; all when empty.', string(0, '')),
}) {}

export class NonResourceRule extends message('What may be done with other paths.', {
  verbs: required(list(1, 'What may be done.', string(0, ''))),
  nonResourceURLs: list(2, 'The paths.', string(0, '')),
}) {}

export class SubjectRulesReviewStatus extends message('All that is allowed.', {
  resourceRules: required(list(1, 'With resources.', ResourceRule)),
  nonResourceRules: required(list(2, 'With other paths.', NonResourceRule)),
  incomplete: required(bool(3, 'Whether there may be more.')),
  evaluationError: string(4, 'What went wrong on the way, which need not matter.'),
}) {}

export class SelfSubjectRulesReview extends message('Asks all that oneself may do in a namespace.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', SelfSubjectRulesReviewSpec)),
  status: present(of(3, 'What is.', SubjectRulesReviewStatus)),
}) {}
