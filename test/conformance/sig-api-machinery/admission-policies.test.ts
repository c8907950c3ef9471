import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  mutatingAdmissionPolicies,
  mutatingAdmissionPolicyBindings,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  type MutatingAdmissionPolicy,
  type ValidatingAdmissionPolicy,
  type ValidatingAdmissionPolicyBinding,
} from '#api';
import type { New } from '#client';
import { showApiOperations, showStatusOfConditions } from '../support/api-operations.ts';
import { conformanceCluster } from '../support/cluster.ts';

const metadata = { generateName: 'e2e-' };
/** No namespace is labelled so: the policies touch nobody. */
const nowhere = { matchLabels: { 'e2e.example.com/no-such-namespace': 'true' } };
const matchConstraints: New<ValidatingAdmissionPolicy['spec']['matchConstraints']> = {
  namespaceSelector: nowhere,
  resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
};

describe('admission policies', () => {
  const cluster = conformanceCluster();

  test('[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicy API operations [Conformance]', async () => {
    const expression = 'object.spec.replicas <= 100';
    const make = (): New<ValidatingAdmissionPolicy> => ({
      metadata,
      spec: { matchConstraints, validations: [{ expression }] },
    });
    await showApiOperations(cluster, {
      resource: validatingAdmissionPolicies,
      make,
      subresources: ['status'],
      check: ({ spec }) => {
        assert.equal(spec.validations?.[0]?.expression, expression);
        assert.equal(spec.failurePolicy, 'Fail', 'a default');
      },
    });
    await showStatusOfConditions(cluster, validatingAdmissionPolicies, make());
  });

  test('[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicyBinding API operations [Conformance]', async () => {
    await showApiOperations(cluster, {
      resource: validatingAdmissionPolicyBindings,
      make: (): New<ValidatingAdmissionPolicyBinding> => ({
        metadata,
        spec: { policyName: 'replicalimit-policy.example.com', validationActions: ['Deny'] },
      }),
      check: ({ spec }) => {
        assert.equal(spec.policyName, 'replicalimit-policy.example.com');
        assert.deepEqual(spec.validationActions, ['Deny']);
      },
    });
  });

  test('[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicy API operations [Conformance]', async () => {
    const expression = 'Object{metadata: Object.metadata{annotations: {"my-anno": "value"}}}';
    await showApiOperations(cluster, {
      resource: mutatingAdmissionPolicies,
      make: (): New<MutatingAdmissionPolicy> => ({
        metadata,
        spec: {
          matchConstraints,
          reinvocationPolicy: 'Never',
          mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression } }],
        },
      }),
      check: ({ spec }) => {
        assert.equal(spec.mutations?.[0]?.applyConfiguration?.expression, expression);
        assert.equal(spec.failurePolicy, 'Fail', 'a default');
      },
    });
  });

  test('[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicyBinding API operations [Conformance]', async () => {
    await showApiOperations(cluster, {
      resource: mutatingAdmissionPolicyBindings,
      make: () => ({ metadata, spec: { policyName: 'mutating-policy.example.com' } }),
      check: ({ spec }) => assert.equal(spec.policyName, 'mutating-policy.example.com'),
    });
  });
});
