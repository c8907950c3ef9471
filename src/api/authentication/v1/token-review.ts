import { bool, list, map, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class UserInfo extends message('UserInfo.', {
  username: string(1, 'The username.'),
  uid: string(2, 'The uid.'),
  groups: list(3, 'The groups.', string(0, '')),
  extra: map(4, 'The extra.', list(0, '', string(0, ''))),
}) {}

export class TokenReviewSpec extends message('TokenReviewSpec.', {
  token: required(string(1, 'The token.', { emitEmpty: false, minLength: 0 })),
  audiences: list(2, 'The audiences.', string(0, '')),
}) {}

export class TokenReviewStatus extends message('TokenReviewStatus.', {
  authenticated: bool(1, 'The authenticated.'),
  user: of(2, 'The user.', UserInfo),
  audiences: list(4, 'The audiences.', string(0, '')),
  error: string(3, 'The error.'),
}) {}

export class TokenReview extends message('TokenReview.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', TokenReviewSpec)),
  status: present(of(3, 'What is.', TokenReviewStatus)),
}) {}
