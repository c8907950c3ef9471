import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configMaps, pods, serviceAccounts, type Pod } from '#api';
import { nameOf } from '#machinery';
import { until } from '../../support/until.ts';
import { conformanceCluster } from '../support/cluster.ts';
import { Watching } from '../support/watching.ts';

describe('ServiceAccounts', () => {
  const cluster = conformanceCluster();
  const audience = 'https://kubernetes.default.svc.cluster.local';

  test('[sig-auth] ServiceAccounts should run through the lifecycle of a ServiceAccount [Conformance]', async () => {
    const everywhere = cluster.client.of(serviceAccounts);
    const calls = everywhere.in(await cluster.namespace());
    const name = 'testserviceaccount';
    const labelSelector = 'test-serviceaccount-static=true';
    await calls.create({ metadata: { name, labels: { 'test-serviceaccount-static': 'true' } } });
    const { resourceVersion } = await calls.list();
    await using added = new Watching(calls, { labelSelector });
    await added.until('ADDED');
    await using watch = new Watching(calls, { labelSelector, resourceVersion });
    const patch = { automountServiceAccountToken: false };
    await calls.patch(name, patch, { type: 'application/strategic-merge-patch+json' });
    await watch.until('MODIFIED');
    const listed = await everywhere.list({ labelSelector });
    assert.ok(listed.items.some((one) => nameOf(one) === name && one.automountServiceAccountToken === false));
    await calls.deleteCollection({});
    await watch.until('DELETED');
  });

  test('[sig-auth] ServiceAccounts should update a ServiceAccount [Conformance]', async () => {
    const calls = cluster.client.of(serviceAccounts).in(await cluster.namespace());
    const created = await calls.create({ metadata: { name: 'e2e-sa' }, automountServiceAccountToken: true });
    const updated = await calls.update({ ...created, automountServiceAccountToken: false });
    assert.equal(updated.automountServiceAccountToken, false);
  });

  test('[sig-auth] ServiceAccounts should create a serviceAccountToken and ensure a successful TokenReview [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const calls = cluster.client.of(serviceAccounts).in(namespace);
    await calls.create({ metadata: { name: 'e2e-sa' } });
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [audience] } };
    const request = await calls.subresource('token').create<{ status: { token: string } }>('e2e-sa', body);
    assert.notEqual(request.status.token, '');
    const { json: review } = await cluster.http.post('/apis/authentication.k8s.io/v1/tokenreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token: request.status.token },
    });
    assert.equal(review.status.error, undefined);
    assert.equal(review.status.authenticated, true);
    assert.equal(review.status.user.username, `system:serviceaccount:${namespace}:e2e-sa`);
  });

  test('[sig-auth] ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace [Conformance]', async () => {
    const calls = cluster.client.of(configMaps).in(await cluster.namespace());
    const name = 'kube-root-ca.crt';
    const published = (): Promise<unknown> =>
      until(
        () => calls.get(name),
        ({ data }) => assert.equal(data?.['ca.crt'], cluster.server.caPem),
      );
    await published();
    await calls.delete(name);
    await published();
    await calls.update({ ...(await calls.get(name)), data: { 'ca.crt': '' } });
    await published();
  });

  test('[sig-auth] ServiceAccounts should allow opting out of API token automount [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const accounts = cluster.client.of(serviceAccounts).in(namespace);
    const settings = { default: undefined, mount: true, nomount: false };
    for (const [name, automountServiceAccountToken] of Object.entries(settings)) {
      await accounts.create({ metadata: { name: `${name}-sa` }, automountServiceAccountToken });
    }
    const isMounted = async (account: string, automountServiceAccountToken: boolean | undefined): Promise<boolean> => {
      const { spec } = await cluster.client
        .of(pods)
        .in(namespace)
        .create({
          metadata: { generateName: `pod-service-account-${account}-` },
          spec: {
            containers: [{ name: 'token-test', image: 'agnhost' }],
            restartPolicy: 'Never',
            serviceAccountName: `${account}-sa`,
            automountServiceAccountToken,
          },
        });
      return mountsToken(spec);
    };
    const seen: Record<string, boolean[]> = {};
    for (const account of Object.keys(settings)) {
      seen[account] = [];
      for (const inPod of [undefined, true, false]) seen[account].push(await isMounted(account, inPod));
    }
    assert.deepEqual(seen, { default: [true, true, false], mount: [true, true, false], nomount: [false, true, false] });
  });

  function mountsToken({ containers }: Pod['spec']): boolean {
    const path = '/var/run/secrets/kubernetes.io/serviceaccount';
    return containers.every(({ volumeMounts }) => volumeMounts?.some(({ mountPath }) => mountPath === path));
  }

  test('[sig-auth] SubjectReview should support SubjectReview API operations [Conformance]', async () => {
    const namespace = await cluster.namespace();
    const account = await cluster.client
      .of(serviceAccounts)
      .in(namespace)
      .create({ metadata: { name: 'e2e' } });
    const user = `system:serviceaccount:${namespace}:e2e`;
    const groups = ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${namespace}`];
    const resourceAttributes = { verb: 'list', resource: 'configmaps', namespace, version: 'v1' };
    const spec = { resourceAttributes, user, groups, uid: account.metadata.uid };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    const review = await cluster.http.post('/apis/authorization.k8s.io/v1/subjectaccessreviews', body);
    assert.equal(review.status, 201, review.text);

    const answer = await cluster.http.get(`/api/v1/namespaces/${namespace}/configmaps`, {
      'impersonate-user': user,
      'impersonate-uid': account.metadata.uid ?? '',
      'impersonate-group': groups[0] ?? '',
    });
    assert.ok([200, 403].includes(answer.status), answer.text);
    const isAllowed = answer.status === 200;
    assert.equal(review.json.status.allowed, isAllowed);
    const local = await cluster.http.post(
      `/apis/authorization.k8s.io/v1/namespaces/${namespace}/localsubjectaccessreviews`,
      { ...body, kind: 'LocalSubjectAccessReview', metadata: { namespace }, spec: { ...spec, user: 'e2e' } },
    );
    assert.equal(local.status, 201, local.text);
    assert.equal(local.json.status.allowed, isAllowed);
  });
});
