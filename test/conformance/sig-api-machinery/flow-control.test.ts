import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { flowSchemas, priorityLevelConfigurations, type FlowSchema, type PriorityLevelConfiguration } from '#api';
import type { New } from '#client';
import { nameOf, type KubeObject, type Resource } from '#machinery';
import { until } from '../../support/until.ts';
import { askSubresource, showApiOperations } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

const type = 'application/merge-patch+json';

describe('API priority and fairness', () => {
  const cluster = conformanceCluster();

  async function showStatus<T extends KubeObject>(resource: Resource<T>, object: New<T>): Promise<void> {
    const created = await cluster.client.of(resource).create(object);
    const path = `/apis/flowcontrol.apiserver.k8s.io/v1/${resource.plural}/${nameOf(created)}/status`;
    const read = await askSubresource(cluster, path);
    assert.equal(read.metadata.uid, created.metadata.uid);
    const condition = { type: 'PatchStatusFailed', status: 'False', reason: 'Patched', message: 'by patch' };
    const patched = await askSubresource(cluster, path, {
      method: 'PATCH',
      type,
      body: { status: { conditions: [condition] } },
    });
    assert.equal(patched.status.conditions[0].type, 'PatchStatusFailed');
    const conditions = [{ ...condition, type: 'StatusUpdateFailed', reason: 'Updated', message: 'by update' }];
    // Whoever keeps the conditions of flow schemas may come between.
    const updated = await until(
      async () => {
        const status = { ...patched.status, conditions };
        return cluster.http.ask(path, { method: 'PUT', body: { ...(await askSubresource(cluster, path)), status } });
      },
      ({ status, text }) => assert.equal(status, 200, text),
    );
    assert.equal(updated.json.status.conditions[0].type, 'StatusUpdateFailed');
    await cluster.client.of(resource).delete(nameOf(created));
  }

  test('[sig-api-machinery] API priority and fairness should support FlowSchema API operations [Conformance]', async () => {
    const make = (): New<FlowSchema> => ({
      metadata: { generateName: 'e2e-example-fs' },
      spec: {
        matchingPrecedence: 10_000,
        priorityLevelConfiguration: { name: 'global-default' },
        distinguisherMethod: { type: 'ByUser' },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'example-e2e-non-existent-user' } }],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          },
        ],
      },
    });
    await showApiOperations(cluster, {
      resource: flowSchemas,
      make,
      subresources: ['status'],
      check: ({ spec }) => assert.equal(spec?.matchingPrecedence, 10_000),
    });
    await showStatus(flowSchemas, make());
  });

  test('[sig-api-machinery] API priority and fairness should support PriorityLevelConfiguration API operations [Conformance]', async () => {
    const make = (): New<PriorityLevelConfiguration> => ({
      metadata: { generateName: 'e2e-example-pl' },
      spec: { type: 'Limited', limited: { nominalConcurrencyShares: 2, limitResponse: { type: 'Reject' } } },
    });
    await showApiOperations(cluster, {
      resource: priorityLevelConfigurations,
      make,
      subresources: ['status'],
      check: ({ spec }) => assert.equal(spec?.limited?.nominalConcurrencyShares, 2),
    });
    await showStatus(priorityLevelConfigurations, make());
  });
});
