import { bool, list, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class SelfSubjectRulesReviewSpec extends message('SelfSubjectRulesReviewSpec.', {
  namespace: string(1, 'The namespace.'),
}) {}

export class ResourceRule extends message('ResourceRule.', {
  verbs: required(list(1, 'The verbs.', string(0, ''))),
  apiGroups: list(2, 'The api groups.', string(0, '')),
  resources: list(3, 'The resources.', string(0, '')),
  resourceNames: list(4, 'The resource names.', string(0, '')),
}) {}

export class NonResourceRule extends message('NonResourceRule.', {
  verbs: required(list(1, 'The verbs.', string(0, ''))),
  nonResourceURLs: list(2, 'The non resource urls.', string(0, '')),
}) {}

export class SubjectRulesReviewStatus extends message('SubjectRulesReviewStatus.', {
  resourceRules: required(list(1, 'The resource rules.', ResourceRule)),
  nonResourceRules: required(list(2, 'The non resource rules.', NonResourceRule)),
  incomplete: required(bool(3, 'The incomplete.')),
  evaluationError: string(4, 'The evaluation error.'),
}) {}

export class SelfSubjectRulesReview extends message('SelfSubjectRulesReview.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', SelfSubjectRulesReviewSpec)),
  status: present(of(3, 'What is.', SubjectRulesReviewStatus)),
}) {}
