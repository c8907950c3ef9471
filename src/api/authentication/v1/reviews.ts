import { resource } from '#machinery';
import { TokenReview } from './token-review.ts';
import { SelfSubjectReview } from './self-subject-review.ts';

/* Questions about who somebody is. Nothing of them is stored: creating one is asking. */

export const tokenReviews = resource({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: TokenReview,
  plural: 'tokenreviews',
  namespaced: false,
  verbs: ['create'],
});

export const selfSubjectReviews = resource({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: SelfSubjectReview,
  plural: 'selfsubjectreviews',
  namespaced: false,
  verbs: ['create'],
});
