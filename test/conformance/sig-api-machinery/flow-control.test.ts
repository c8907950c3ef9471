import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { flowSchemas, priorityLevelConfigurations, type FlowSchema, type PriorityLevelConfiguration } from '#api';
import type { New } from '#client';
import { showApiOperations, showStatusOfConditions } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

describe('API priority and fairness', () => {
  const cluster = conformanceCluster();

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
    await showStatusOfConditions(cluster, flowSchemas, make());
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
    await showStatusOfConditions(cluster, priorityLevelConfigurations, make());
  });
});
