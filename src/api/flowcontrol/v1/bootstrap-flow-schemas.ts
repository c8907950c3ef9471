import type { PolicyRulesWithSubjects, ResourcePolicyRule, Subject } from './flow-schema-rules.ts';
import type { FlowSchemaSpec } from './flow-schema.ts';

/** A schema that every cluster has, by its name. */
export interface NamedFlowSchema {
  readonly name: string;
  readonly spec: FlowSchemaSpec;
}

const groups = (...names: string[]): Subject[] => names.map((name) => ({ kind: 'Group', group: { name } }));
const users = (...names: string[]): Subject[] => names.map((name) => ({ kind: 'User', user: { name } }));
const systemAccounts: Subject[] = [{ kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name: '*' } }];
const everybody = groups('system:unauthenticated', 'system:authenticated');
const nodes = groups('system:nodes');

function resources(group: string, names: string[], verbs = ['*'], clusterScope = false): ResourcePolicyRule {
  return { verbs, apiGroups: [group], resources: names, ...(clusterScope && { clusterScope }), namespaces: ['*'] };
}

/** Every request of these. */
function all(subjects: Subject[]): PolicyRulesWithSubjects {
  const nonResourceRules = [{ verbs: ['*'], nonResourceURLs: ['*'] }];
  return { subjects, resourceRules: [resources('*', ['*'], ['*'], true)], nonResourceRules };
}

function schema(
  name: string,
  level: string,
  matchingPrecedence: number,
  distinguisher: 'ByUser' | 'ByNamespace' | undefined,
  rule: PolicyRulesWithSubjects,
): NamedFlowSchema {
  const spec = {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence,
    ...(distinguisher && { distinguisherMethod: { type: distinguisher } }),
    rules: [rule],
  };
  return { name, spec };
}

/** Without these the server could not tell what to do with a request (`apiserver/pkg/apis/flowcontrol/bootstrap`). */
export const mandatoryFlowSchemas: readonly NamedFlowSchema[] = [
  schema('exempt', 'exempt', 1, undefined, all(groups('system:masters'))),
  schema('catch-all', 'catch-all', 10_000, 'ByUser', all(everybody)),
];

/** A beginning; the cluster's administrators may change them. */
export const suggestedFlowSchemas: readonly NamedFlowSchema[] = [
  schema('system-nodes', 'system', 500, 'ByUser', all(nodes)),
  schema('system-node-high', 'node-high', 400, 'ByUser', {
    subjects: nodes,
    resourceRules: [
      resources('', ['nodes', 'nodes/status'], ['*'], true),
      resources('coordination.k8s.io', ['leases']),
    ],
  }),
  schema('probes', 'exempt', 2, undefined, {
    subjects: everybody,
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
  }),
  schema('system-leader-election', 'leader-election', 100, 'ByUser', {
    subjects: [...users('system:kube-controller-manager', 'system:kube-scheduler'), ...systemAccounts],
    resourceRules: [resources('coordination.k8s.io', ['leases'], ['get', 'create', 'update'])],
  }),
  schema('kube-controller-manager', 'workload-high', 800, 'ByNamespace', all(users('system:kube-controller-manager'))),
  schema('kube-scheduler', 'workload-high', 800, 'ByNamespace', all(users('system:kube-scheduler'))),
  schema('kube-system-service-accounts', 'workload-high', 900, 'ByNamespace', all(systemAccounts)),
  schema('service-accounts', 'workload-low', 9000, 'ByUser', all(groups('system:serviceaccounts'))),
  schema('global-default', 'global-default', 9900, 'ByUser', all(everybody)),
];
