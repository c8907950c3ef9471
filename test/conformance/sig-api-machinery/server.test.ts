import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from '../../../src/apiserver/testing/http-client.ts';
import { conformanceCluster } from '../support/cluster.ts';

describe('what the server tells of itself', () => {
  const cluster = conformanceCluster();

  test('[sig-api-machinery] server version should find the server version [Conformance]', async () => {
    const { json: version } = await cluster.http.get('/version');
    assert.match(version.major, /^\d+$/);
    assert.match(version.minor, /^\d+\+?$/);
  });

  test('[sig-api-machinery] Discovery should validate PreferredVersion for each APIGroup [Conformance]', async () => {
    const { json: list } = await cluster.http.get('/apis/');
    assert.ok(list.groups.length > 0);
    for (const { name } of list.groups) {
      const { json: group } = await cluster.http.get(`/apis/${name}/`);
      assert.ok(group.versions.length > 0, name);
      const versions = group.versions.map(({ groupVersion }: Json) => groupVersion);
      assert.ok(versions.includes(group.preferredVersion.groupVersion), name);
    }
  });

  test('[sig-api-machinery] Servers with support for Table transformation should return a 406 for a backend which does not implement metadata [Conformance]', async () => {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace: 'default', verb: 'list', resource: 'pods' } },
    };
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const answer = await cluster.http.ask(path, { method: 'POST', headers, body });
    assert.equal(answer.status, 406, answer.text);
    assert.equal(answer.json.code, 406);
  });
});
