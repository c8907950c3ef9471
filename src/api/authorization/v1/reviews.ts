import { resource } from '#machinery';
import { SubjectAccessReview, SelfSubjectAccessReview, LocalSubjectAccessReview } from './subject-access-review.ts';
import { SelfSubjectRulesReview } from './self-subject-rules-review.ts';

/* Questions about what somebody may do. Nothing of them is stored: creating one is asking. */

export const subjectAccessReviews = resource({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: SubjectAccessReview,
  plural: 'subjectaccessreviews',
  namespaced: false,
  verbs: ['create'],
});

export const selfSubjectAccessReviews = resource({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: SelfSubjectAccessReview,
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
  verbs: ['create'],
});

export const localSubjectAccessReviews = resource({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: LocalSubjectAccessReview,
  plural: 'localsubjectaccessreviews',
  namespaced: true,
  verbs: ['create'],
});

export const selfSubjectRulesReviews = resource({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: SelfSubjectRulesReview,
  plural: 'selfsubjectrulesreviews',
  namespaced: false,
  verbs: ['create'],
});
