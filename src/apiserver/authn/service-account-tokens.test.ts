import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { seededRandom, VirtualClock } from '#base';
import { isStatusError, type KubeObject } from '#machinery';
import { jsonWebKeySet, serviceAccountKey } from './service-account-key.ts';
import { ServiceAccountTokens } from './service-account-tokens.ts';
import { TokenSigner } from './token-signer.ts';
import { createLocalJWKSet, jwtVerify } from 'jose';

const issuer = 'https://kubernetes.default.svc.cluster.local';
const account = { namespace: 'y', serviceaccount: { name: 'robot', uid: 'u1' } };

function setUp(type: 'ec' | 'rsa' = 'ec') {
  const pair =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = serviceAccountKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const clock = new VirtualClock(1_700_000_000_000);
  const objects = new Map<string, KubeObject>([
    ['serviceaccounts/y/robot', { metadata: { name: 'robot', uid: 'u1' } }],
    ['pods/y/p', { metadata: { name: 'p', uid: 'u2' } }],
  ]);
  const find = async (plural: string, ns: string, name: string) => objects.get(`${plural}/${ns}/${name}`);
  const signer = new TokenSigner({ key, issuer, clock, random: seededRandom(1) });
  return { key, clock, objects, signer, tokens: new ServiceAccountTokens({ key, issuer, clock, find }) };
}

const isUnauthorized = (error: unknown): boolean => isStatusError(error, 'Unauthorized');

for (const type of ['ec', 'rsa'] as const) {
  test(`a token of an ${type} key names its service account and pod`, async () => {
    const { signer, tokens, key } = setUp(type);
    const { token } = await signer.sign({
      ...account,
      pod: { name: 'p', uid: 'u2' },
      audiences: [],
      expirationSeconds: 600,
    });
    assert.ok(tokens.isOurs(token));
    const { user } = await tokens.authenticate(token);
    assert.equal(user.name, 'system:serviceaccount:y:robot');
    assert.deepEqual(user.groups, ['system:serviceaccounts', 'system:serviceaccounts:y']);
    assert.deepEqual(user.extra?.['authentication.kubernetes.io/pod-name'], ['p']);
    const jwks = createLocalJWKSet(jsonWebKeySet(key));
    await jwtVerify(token, jwks, { issuer, currentDate: new Date(1_700_000_000_000) });
  });
}

test('a token ends with its time, its pod, its service account, or another of the same name', async () => {
  const { signer, tokens, clock, objects } = setUp();
  const { token } = await signer.sign({
    ...account,
    pod: { name: 'p', uid: 'u2' },
    audiences: [],
    expirationSeconds: 600,
  });
  await tokens.authenticate(token);
  objects.set('pods/y/p', { metadata: { name: 'p', uid: 'u3' } });
  await assert.rejects(tokens.authenticate(token), isUnauthorized);
  objects.set('pods/y/p', { metadata: { name: 'p', uid: 'u2' } });
  await tokens.authenticate(token);
  objects.delete('serviceaccounts/y/robot');
  await assert.rejects(tokens.authenticate(token), isUnauthorized);
  objects.set('serviceaccounts/y/robot', { metadata: { name: 'robot', uid: 'u1' } });
  await clock.advance(601_000);
  await assert.rejects(tokens.authenticate(token), isUnauthorized);
});

test('a token for others is not for us, and a foreign signature is nobody’s', async () => {
  const { signer, tokens } = setUp();
  const { token } = await signer.sign({ ...account, audiences: ['vault'], expirationSeconds: 600 });
  await assert.rejects(tokens.authenticate(token), isUnauthorized);
  assert.deepEqual((await tokens.authenticate(token, ['vault', 'x'])).audiences, ['vault']);
  const stranger = await setUp().signer.sign({ ...account, audiences: [], expirationSeconds: 600 });
  await assert.rejects(tokens.authenticate(stranger.token), isUnauthorized);
});
