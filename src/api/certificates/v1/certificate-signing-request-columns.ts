import { ageColumn, humanDuration, nameColumn, type Column } from '#machinery';
import type { CertificateSigningRequest } from './certificate-signing-request.ts';

/** What `kubectl get certificatesigningrequests` shows. */
export const certificateSigningRequestColumns: readonly Column<CertificateSigningRequest>[] = [
  nameColumn,
  ageColumn,
  {
    name: 'SignerName',
    type: 'string',
    description: 'Who is to sign it.',
    cell: ({ spec }) => spec.signerName || '<none>',
  },
  {
    name: 'Requestor',
    type: 'string',
    description: 'Who asked for it.',
    cell: ({ spec }) => spec.username ?? '',
  },
  {
    name: 'RequestedDuration',
    type: 'string',
    description: 'How long it is to be good.',
    cell: ({ spec: { expirationSeconds: seconds } }) =>
      seconds === undefined ? '<none>' : humanDuration(seconds * 1000),
  },
  {
    name: 'Condition',
    type: 'string',
    description: 'What became of it.',
    cell: stateOf,
  },
];

function stateOf({ status: { conditions = [], certificate } }: CertificateSigningRequest): string {
  const types = new Set(conditions.map(({ type }) => type));
  const decision = types.has('Denied') ? 'Denied' : types.has('Approved') ? 'Approved' : 'Pending';
  return [decision, ...(types.has('Failed') ? ['Failed'] : []), ...(certificate ? ['Issued'] : [])].join(',');
}
