import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpClient, type Answer } from '../testing/http-client.ts';
import { startTestServer } from '../testing/test-server.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const roles = '/apis/rbac.authorization.k8s.io/v1';

test('who makes a policy read parameters may read them', async () => {
  await using server = await startTestServer();
  using admin = new HttpClient(server, await server.certificate('admin', ['system:masters']));
  using ann = new HttpClient(server, await server.certificate('ann'));
  const grant = async (name: string, rule: object): Promise<void> => {
    await admin.post(`${roles}/clusterroles`, { metadata: { name }, rules: [rule] });
    const apiGroup = 'rbac.authorization.k8s.io';
    const roleRef = { apiGroup, kind: 'ClusterRole', name };
    const subjects = [{ apiGroup, kind: 'User', name: 'ann' }];
    await admin.post(`${roles}/clusterrolebindings`, { metadata: { name }, roleRef, subjects });
  };
  await grant('policies', { verbs: ['*'], apiGroups: ['admissionregistration.k8s.io'], resources: ['*'] });
  const resourceRules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }];
  const makePolicy = (name: string): Promise<Answer> =>
    ann.post(`${group}/validatingadmissionpolicies`, {
      metadata: { name },
      spec: {
        paramKind: { apiVersion: 'v1', kind: 'Secret' },
        matchConstraints: { resourceRules },
        validations: [{ expression: 'true' }],
      },
    });
  const refused = await makePolicy('one');
  assert.match(
    refused.json.message,
    /spec.paramKind: Forbidden: user &{ann {2}\[system:authenticated\] map\[.*\]} must have "get" permission on all objects of the referenced paramKind \(kind=Secret, apiVersion=v1\)$/,
  );
  const bind = (): Promise<Answer> =>
    ann.post(`${group}/validatingadmissionpolicybindings`, {
      metadata: { name: 'one' },
      spec: {
        policyName: 'one',
        paramRef: { name: 'key', namespace: 'default', parameterNotFoundAction: 'Deny' },
        validationActions: ['Deny'],
      },
    });
  assert.match(
    (await bind()).json.message,
    /spec.paramRef: Forbidden: user .* does not have "get" permission on the object/,
  );
  await grant('secrets', { verbs: ['get'], apiGroups: [''], resources: ['secrets'] });
  const made = await makePolicy('one');
  assert.deepEqual([made.status, made.json.metadata.generation, made.json.status], [201, 1, {}]);
  assert.equal((await bind()).status, 201);
});
