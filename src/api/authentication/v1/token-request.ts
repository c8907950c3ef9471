import { int64, list, message, of, pointer, present, string, time } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class BoundObjectReference extends message('BoundObjectReference.', {
  kind: string(1, 'The kind.'),
  apiVersion: string(2, 'The api version.'),
  name: string(3, 'The name.'),
  uid: string(4, 'The uid.'),
}) {}

export class TokenRequestSpec extends message('TokenRequestSpec.', {
  audiences: list(1, 'The audiences.', string(0, ''), { emitEmpty: true }),
  expirationSeconds: pointer(int64(4, 'The expiration seconds.', { emitEmpty: true })),
  boundObjectRef: pointer(of(3, 'The bound object ref.', BoundObjectReference)),
}) {}

export class TokenRequestStatus extends message('TokenRequestStatus.', {
  token: string(1, 'The token.', { emitEmpty: true }),
  expirationTimestamp: time(2, 'The expiration timestamp.', { emitEmpty: true }),
}) {}

export class TokenRequest extends message('TokenRequest.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', TokenRequestSpec)),
  status: present(of(3, 'What is.', TokenRequestStatus)),
}) {}
