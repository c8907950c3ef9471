import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Json } from '../../../src/apiserver/testing/http-client.ts';
import { conformanceCluster } from '../support/cluster.ts';

/** A resource of each group that every cluster serves. */
const expected = [
  ['admissionregistration.k8s.io', 'v1', 'validatingwebhookconfigurations'],
  ['apiextensions.k8s.io', 'v1', 'customresourcedefinitions'],
  ['apiregistration.k8s.io', 'v1', 'apiservices'],
  ['apps', 'v1', 'deployments'],
  ['authentication.k8s.io', 'v1', 'tokenreviews'],
  ['authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'],
  ['autoscaling', 'v1', 'horizontalpodautoscalers'],
  ['autoscaling', 'v2', 'horizontalpodautoscalers'],
  ['batch', 'v1', 'jobs'],
  ['certificates.k8s.io', 'v1', 'certificatesigningrequests'],
  ['coordination.k8s.io', 'v1', 'leases'],
  ['discovery.k8s.io', 'v1', 'endpointslices'],
  ['events.k8s.io', 'v1', 'events'],
  ['networking.k8s.io', 'v1', 'ingresses'],
  ['node.k8s.io', 'v1', 'runtimeclasses'],
  ['policy', 'v1', 'poddisruptionbudgets'],
  ['scheduling.k8s.io', 'v1', 'priorityclasses'],
  ['storage.k8s.io', 'v1', 'csinodes'],
] as const;

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

describe('Discovery', () => {
  const cluster = conformanceCluster();

  test('[sig-api-machinery] Discovery should locate the groupVersion and a resource within each APIGroup [Conformance]', async () => {
    for (const [group, version, resource] of [['', 'v1', 'namespaces'], ...expected]) {
      const path = group === '' ? '/api/v1' : `/apis/${group}/${version}`;
      const { json: list } = await cluster.http.get(path);
      assert.equal(list.groupVersion, group === '' ? 'v1' : `${group}/${version}`);
      assert.ok(
        list.resources.some(({ name }: Json) => name === resource),
        `${path} tells ${resource}`,
      );
    }
  });

  /** The resources that an aggregated document tells, as `group/version/plural`. */
  async function aggregated(path: string): Promise<Set<string>> {
    const { json, headers } = await cluster.http.get(path, { accept });
    assert.equal(json.kind, 'APIGroupDiscoveryList');
    assert.equal(headers['content-type'], accept);
    const told = json.items.flatMap(({ metadata: { name = '' }, versions }: Json) =>
      versions.flatMap(({ version, resources }: Json) =>
        resources.map(({ resource }: Json) => `${name}/${version}/${resource}`),
      ),
    );
    return new Set(told);
  }

  test('[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery endpoint Accept headers [Conformance]', async () => {
    const groups = await aggregated('/apis');
    for (const parts of expected) assert.ok(groups.has(parts.join('/')), parts.join('/'));
    assert.ok((await aggregated('/api')).has('/v1/namespaces'));
  });

  test('[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface [Conformance]', async () => {
    // What client-go's GroupsAndMaybeResources makes of the two documents.
    const all = new Set([...(await aggregated('/api')), ...(await aggregated('/apis'))]);
    for (const parts of [['', 'v1', 'namespaces'], ...expected]) assert.ok(all.has(parts.join('/')), parts.join('/'));
    const { groups } = (await cluster.http.get('/apis')).json;
    for (const [group, version] of expected) {
      const found = groups.find(({ name }: Json) => name === group);
      assert.ok(
        found?.versions.some((one: Json) => one.version === version),
        `${group}/${version}`,
      );
    }
  });
});
