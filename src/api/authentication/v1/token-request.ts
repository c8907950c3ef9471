import { int64, list, message, of, pointer, present, string, time } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class BoundObjectReference extends message('The object that a token ends with.', {
  kind: string(1, '`Pod`, `Node` or `Secret`.'),
  apiVersion: string(2, 'The version of the kind.'),
  name: string(3, "The object's name."),
  uid: string(4, "The object's identity."),
}) {}

export class TokenRequestSpec extends message('What token is wanted.', {
  audiences: list(1, 'Whom it is for.', string(0, ''), { emitEmpty: true }),
  expirationSeconds: pointer(
    int64(4, 'How long it is to be valid; an hour by default, ten minutes at least.', { emitEmpty: true }),
  ),
  boundObjectRef: pointer(of(3, 'The object that it ends with.', BoundObjectReference, { emitEmpty: true })),
}) {}

export class TokenRequestStatus extends message('The token.', {
  token: string(1, 'The token itself.', { emitEmpty: true }),
  expirationTimestamp: time(2, 'When it ends.', { emitEmpty: true }),
}) {}

export class TokenRequest extends message('Asks for a token of a service account.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', TokenRequestSpec)),
  status: present(of(3, 'What is.', TokenRequestStatus)),
}) {}
