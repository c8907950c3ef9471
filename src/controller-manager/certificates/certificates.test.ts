import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateSigningRequests, type CertificateSigningRequest } from '#api';
import type { New } from '#client';
import { formatTime } from '#machinery';
import { Story } from '../story.ts';
import type { CertificateAuthority, RequestedSubject, SigningOptions } from './authority.ts';

type Spec = New<CertificateSigningRequest['spec']>;
type Usages = CertificateSigningRequest['spec']['usages'];
type Subject = Partial<RequestedSubject>;

/** Its requests are JSON, and so are its certificates. */
const authority: CertificateAuthority = {
  parse: async (csrPem) => {
    const names = { commonName: '', organizations: [], dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };
    return { ...names, ...(JSON.parse(csrPem) as Subject) };
  },
  sign: async (csrPem, options) => JSON.stringify({ subject: JSON.parse(csrPem) as unknown, ...options }),
};

const client = 'kubernetes.io/kube-apiserver-client';
const nodeClient = 'kubernetes.io/kube-apiserver-client-kubelet';
const nodeServing = 'kubernetes.io/kubelet-serving';
const node: Subject = { commonName: 'system:node:n', organizations: ['system:nodes'] };

/** A story in which a request was made, and decided. */
function requested(story: Story, subject: Subject, spec: Spec, decisions: string[] = ['Approved']): void {
  const lastUpdateTime = formatTime(story.clock.now());
  story.transport.seed(certificateSigningRequests, {
    metadata: { name: 'wanted' },
    spec: { request: Buffer.from(JSON.stringify(subject)).toString('base64'), ...spec },
    status: { conditions: decisions.map((type) => ({ type, status: 'True', lastUpdateTime })) },
  });
}

function wanted(story: Story): CertificateSigningRequest | undefined {
  return story.transport.object(certificateSigningRequests, 'wanted');
}

async function decided(story: Story): Promise<CertificateSigningRequest['status']> {
  const isFailed = (): boolean => wanted(story)?.status.conditions?.some(({ type }) => type === 'Failed') ?? false;
  await story.until('it is decided', () => isFailed() || wanted(story)?.status.certificate !== undefined);
  return wanted(story)?.status ?? {};
}

test('an approved request is signed, for whom and for how long it asks', async () => {
  await using story = new Story({ certificateAuthority: authority });
  const usages: Usages = ['digital signature', 'client auth'];
  requested(
    story,
    { commonName: 'jane', organizations: ['dev'] },
    { signerName: client, usages, expirationSeconds: 3600 },
  );
  const { certificate = '' } = await decided(story);
  const signed = JSON.parse(Buffer.from(certificate, 'base64').toString()) as SigningOptions & { subject: Subject };
  assert.deepEqual([signed.subject.commonName, signed.usages, signed.seconds], ['jane', ['client'], 3600]);
});

const auth: NonNullable<Usages> = ['digital signature', 'key encipherment'];
const refused: [string, Subject, Spec, string][] = [
  [
    'for a server',
    { commonName: 'x' },
    { signerName: client, usages: ['server auth'] },
    'invalid usage for client certificate: server auth',
  ],
  [
    'for no client',
    { commonName: 'x' },
    { signerName: client, usages: auth },
    'missing required usage for client certificate: client auth',
  ],
  [
    'of no node',
    { commonName: 'system:node:n' },
    { signerName: nodeClient, usages: [...auth, 'client auth'] },
    'subject organization is not system:nodes',
  ],
  [
    'of a node with names',
    { ...node, dnsNames: ['n'] },
    { signerName: nodeClient, usages: [...auth, 'client auth'] },
    'DNS subjectAltNames are not allowed',
  ],
  [
    'of a server without names',
    node,
    { signerName: nodeServing, usages: [...auth, 'server auth'] },
    'DNS or IP subjectAltName is required',
  ],
  [
    'of a server that is also a client',
    { ...node, dnsNames: ['n'] },
    { signerName: nodeServing, usages: [...auth, 'server auth', 'client auth'] },
    'usages did not match [digital signature key encipherment server auth]',
  ],
];

for (const [what, subject, spec, message] of refused) {
  test(`a request ${what} fails, although it was approved`, async () => {
    await using story = new Story({ certificateAuthority: authority });
    requested(story, subject, spec);
    const { conditions } = await decided(story);
    const failed = conditions?.find(({ type }) => type === 'Failed');
    assert.deepEqual([failed?.reason, failed?.message], ['SignerValidationFailure', message]);
  });
}

test('what is denied, or for another signer, is not signed; what is decided goes after an hour, what is not after a day', async () => {
  for (const [decisions, signerName, hours] of [
    [['Denied'], client, 2],
    [['Approved'], 'example.com/mine', 25],
    [[], client, 25],
  ] as const) {
    await using story = new Story({ certificateAuthority: authority });
    story.kubelet = () => {};
    requested(story, { commonName: 'x' }, { signerName, usages: ['client auth'] }, [...decisions]);
    await story.clock.advance((hours - 1) * 3_600_000 - 60_000);
    assert.equal(wanted(story)?.status.certificate, undefined);
    assert.ok(wanted(story), `${decisions.join()} for ${signerName}`);
    await story.clock.advance(2 * 3_600_000);
    assert.equal(wanted(story), undefined);
  }
});
