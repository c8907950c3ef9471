import { message, of, present } from '#machinery';
import { UserInfo } from './token-review.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class SelfSubjectReviewStatus extends message('Who the asker is.', {
  userInfo: of(1, 'As the API server sees it.', UserInfo),
}) {}

export class SelfSubjectReview extends message('Asks who oneself is (`kubectl auth whoami`).', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  status: present(of(2, 'What is.', SelfSubjectReviewStatus)),
}) {}
