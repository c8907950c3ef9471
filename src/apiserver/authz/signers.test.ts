import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createCa, createCsr, signCsr } from '#wire';
import { HttpClient, type Answer } from '../testing/http-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const roles = '/apis/rbac.authorization.k8s.io/v1';
const client = 'kubernetes.io/kube-apiserver-client';

describe('requests for certificates', () => {
  let server: TestServer;
  let admin: HttpClient;
  let ann: HttpClient;

  before(async () => {
    server = await startTestServer();
    admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
    ann = new HttpClient(server, await server.certificate('ann'));
    const verbs = ['get', 'create', 'update', 'patch'];
    const resources = ['', '/approval', '/status'].map((one) => `certificatesigningrequests${one}`);
    const rules = [{ verbs, apiGroups: ['certificates.k8s.io'], resources }];
    await admin.post(`${roles}/clusterroles`, { metadata: { name: 'asks' }, rules });
    await grant('asks');
  });

  after(async () => {
    ann?.[Symbol.dispose]();
    admin?.[Symbol.dispose]();
    await server?.[Symbol.asyncDispose]();
  });

  async function grant(role: string): Promise<void> {
    const [apiGroup, subject] = ['rbac.authorization.k8s.io', { kind: 'User', name: 'ann' }];
    const roleRef = { apiGroup, kind: 'ClusterRole', name: role };
    const subjects = [{ ...subject, apiGroup }];
    const { status } = await admin.post(`${roles}/clusterrolebindings`, {
      metadata: { name: role },
      roleRef,
      subjects,
    });
    assert.equal(status, 201);
  }

  async function ask(name: string, organizations: string[] = [], signerName = client): Promise<Answer> {
    const { csrPem } = await createCsr({ commonName: 'ann', organizations });
    const request = Buffer.from(csrPem).toString('base64');
    const spec = { request, signerName, usages: ['client auth'], username: 'somebody else' };
    return ann.post(path, { metadata: { name }, spec });
  }

  async function write(who: HttpClient, name: string, door: string, status: object): Promise<Answer> {
    const { json } = await who.get(`${path}/${name}`);
    return who.ask(`${path}/${name}/${door}`, {
      method: 'PUT',
      body: { ...json, status: { ...json.status, ...status } },
    });
  }

  test('who asks is written down by the server', async () => {
    const { json } = await ask('mine');
    assert.equal(json.spec.username, 'ann');
    assert.deepEqual(json.spec.groups, ['system:authenticated']);
    const patched = await ann.ask(`${path}/mine`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { username: 'root' }, status: { certificate: 'AAAA' } },
    });
    assert.deepEqual([patched.json.spec.username, patched.json.status], ['ann', {}]);
  });

  test('what is no signing request is refused, and so are the masters', async () => {
    const spec = { request: 'cHJv', signerName: client, usages: ['client auth'] };
    const answer = await ann.post(path, { metadata: { name: 'bad' }, spec });
    assert.equal(answer.status, 422);
    assert.match(
      answer.json.message,
      /spec.request: Invalid value: "cHJv": PEM block type must be CERTIFICATE REQUEST$/,
    );
    const more = await ann.post(path, { metadata: { name: 'bad' }, spec: { ...spec, usages: [] } });
    assert.deepEqual(
      more.json.details.causes.map(({ field }: { field: string }) => field),
      ['spec.request', 'spec.usages'],
    );
    const masters = await ask('masters', ['system:masters']);
    assert.equal(
      masters.json.message,
      `certificatesigningrequests.certificates.k8s.io "masters" is forbidden: use of ${client} signer with system:masters group is not allowed`,
    );
    assert.equal((await ask('others', ['system:masters'], 'example.com/other')).status, 201);
  });

  test('who approves and who signs needs the verb for the signer, or its domain', async () => {
    await ask('walk', [], 'example.com/walk');
    const conditions = [{ type: 'Approved', status: 'True', reason: 'Because' }];
    const refused = await write(ann, 'walk', 'approval', { conditions });
    assert.equal(
      refused.json.message,
      'certificatesigningrequests.certificates.k8s.io "walk" is forbidden: user not permitted to approve requests with signerName "example.com/walk"',
    );
    const rules = [
      {
        verbs: ['approve', 'sign'],
        apiGroups: ['certificates.k8s.io'],
        resources: ['signers'],
        resourceNames: ['example.com/*'],
      },
    ];
    await admin.post(`${roles}/clusterroles`, { metadata: { name: 'signs' }, rules });
    await grant('signs');
    const approved = await write(ann, 'walk', 'approval', { conditions });
    assert.equal(approved.status, 200, approved.text);
    assert.match(approved.json.status.conditions[0].lastUpdateTime, /^20/);
    const { csrPem } = await createCsr({ commonName: 'ann' });
    const pem = await signCsr(await createCa({ commonName: 'ca' }), csrPem);
    const signed = await write(ann, 'walk', 'status', { certificate: Buffer.from(pem).toString('base64') });
    assert.equal(signed.status, 200, signed.text);
    const again = await write(ann, 'walk', 'status', { certificate: 'AAAA' });
    assert.match(
      again.json.message,
      /status.certificate: Forbidden: updates may not modify existing certificate content/,
    );
    const undone = await write(ann, 'walk', 'approval', { conditions: [] });
    assert.match(
      undone.json.message,
      /status.conditions: Forbidden: updates may not remove a condition of type "Approved"/,
    );
    const found = await ann.get(`${path}/walk`);
    assert.equal(found.json.status.conditions[0].type, 'Approved');
  });

  test('only who may sign for the signer writes a certificate', async () => {
    await ask('other', [], 'example.org/other');
    const refused = await write(ann, 'other', 'status', { certificate: 'AAAA' });
    assert.equal(refused.status, 422);
    const same = await write(ann, 'other', 'status', {});
    assert.deepEqual([same.status, same.json.status], [200, {}]);
    const failed = await write(ann, 'other', 'status', { conditions: [{ type: 'Failed', status: 'True' }] });
    assert.match(failed.json.message, /user not permitted to sign requests with signerName "example.org\/other"/);
  });
});
