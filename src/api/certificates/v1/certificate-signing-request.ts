import {
  bytes,
  int32,
  list,
  listMap,
  map,
  message,
  of,
  oneOf,
  pointer,
  present,
  required,
  string,
  time,
} from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class CertificateSigningRequestCondition extends message('A decision about a request.', {
  type: required(string(1, 'Which: `Approved`, `Denied` or `Failed`.')),
  status: required(string(6, '`True`, `False` or `Unknown`; the three decisions can only be `True`.')),
  reason: string(2, 'Why, in one word.'),
  message: string(3, 'Why, in a sentence.'),
  lastUpdateTime: time(4, 'When this was last written.'),
  lastTransitionTime: time(5, 'Since when it is so.'),
}) {}

export class CertificateSigningRequestSpec extends message(
  'The certificate that is wanted, and who wants it. It never changes.',
  {
    request: required(bytes(1, 'A PKCS #10 request, in PEM.')),
    signerName: required(string(7, 'Who is to sign it, such as `kubernetes.io/kube-apiserver-client`.')),
    expirationSeconds: pointer(int32(8, 'How long the certificate is to be good; the signer may not heed it.')),
    usages: list(
      5,
      'What it is to be used for.',
      oneOf(0, '', [
        'any',
        'cert sign',
        'client auth',
        'code signing',
        'content commitment',
        'crl sign',
        'data encipherment',
        'decipher only',
        'digital signature',
        'email protection',
        'encipher only',
        'ipsec end system',
        'ipsec tunnel',
        'ipsec user',
        'key agreement',
        'key encipherment',
        'microsoft sgc',
        'netscape sgc',
        'ocsp signing',
        's/mime',
        'server auth',
        'signing',
        'timestamping',
      ]),
    ),
    username: string(2, 'Who made the request; told by the API server.'),
    uid: string(3, 'The identity of who made it.'),
    groups: list(4, 'The groups of who made it.', string(0, '')),
    extra: map(6, 'What else is known of who made it.', list(0, '', string(0, ''))),
  },
) {}

export class CertificateSigningRequestStatus extends message('What became of a request.', {
  conditions: listMap(
    1,
    'The decisions about it, which can not be taken back.',
    ['type'],
    CertificateSigningRequestCondition,
  ),
  certificate: bytes(2, 'The certificate, in PEM, with those that lead to its root.'),
}) {}

export class CertificateSigningRequest extends message('Asks a signer for a certificate.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'The certificate that is wanted.', CertificateSigningRequestSpec)),
  status: present(of(3, 'What became of it.', CertificateSigningRequestStatus)),
}) {}
