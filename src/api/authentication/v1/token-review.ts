import { bool, list, map, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class UserInfo extends message('Who somebody is.', {
  username: string(1, 'The name.'),
  uid: string(2, 'The identity, which no later user of the same name shares.'),
  groups: list(3, 'The groups.', string(0, '')),
  extra: map(4, 'What else the authenticator says.', list(0, '', string(0, ''))),
}) {}

export class TokenReviewSpec extends message('A token to look at.', {
  token: required(string(1, 'The token.', { emitEmpty: false, minLength: 0 })),
  audiences: list(2, 'Whom it should be for; the API server by default.', string(0, '')),
}) {}

export class TokenReviewStatus extends message('What the token says.', {
  authenticated: bool(1, 'Whether it is good.'),
  user: of(2, 'Whose it is.', UserInfo),
  audiences: list(4, 'Whom it is for, of those that were asked about.', string(0, '')),
  error: string(3, 'Why it could not be looked at.'),
}) {}

export class TokenReview extends message('Asks whose a token is.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', TokenReviewSpec)),
  status: present(of(3, 'What is.', TokenReviewStatus)),
}) {}
