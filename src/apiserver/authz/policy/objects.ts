import type { KubeObject } from '#machinery';
import type { Subject } from '../rbac.ts';
import type { PolicyRule } from '../rules.ts';
import { clusterBindingFacts, namespacedFacts } from './bindings.ts';
import { controllerRules } from './controller-roles.ts';
import { clusterRoleFacts } from './roles.ts';
import type { RoleFacts } from './rule.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';

/** One default object: a role or a binding. */
export interface PolicyObject extends KubeObject {
  kind: 'ClusterRole' | 'ClusterRoleBinding' | 'Role' | 'RoleBinding';
  rules?: readonly PolicyRule[] | null;
  aggregationRule?: { clusterRoleSelectors: { matchLabels: Record<string, string> }[] };
  roleRef?: { apiGroup: string; kind: string; name: string };
  subjects?: readonly Subject[];
}

/** The default roles and bindings as objects, roles before the bindings that name them. */
export function policyObjects(): PolicyObject[] {
  const controllers = Object.entries(controllerRules);
  return [
    ...Object.entries(clusterRoleFacts).map(([name, facts]) => clusterRole(name, facts)),
    ...controllers.map(([name, rules]) => clusterRole(`system:controller:${name}`, { rules })),
    ...Object.entries(clusterBindingFacts).map(([name, subjects]) => clusterBinding(name, subjects)),
    ...controllers.map(([name]) =>
      clusterBinding(`system:controller:${name}`, [{ kind: 'ServiceAccount', name, namespace: 'kube-system' }]),
    ),
    ...namespacedFacts.flatMap(({ namespace, name, rules, subjects, bindingName }): PolicyObject[] => [
      { apiVersion, kind: 'Role', metadata: metadata(name, { namespace }), rules },
      {
        apiVersion,
        kind: 'RoleBinding',
        metadata: metadata(bindingName ?? name, { namespace }),
        roleRef: { apiGroup, kind: 'Role', name },
        subjects,
      },
    ]),
  ];
}

function clusterRole(name: string, { rules, labels, aggregates }: RoleFacts): PolicyObject {
  const clusterRoleSelectors = [{ matchLabels: { [aggregates ?? '']: 'true' } }];
  return {
    apiVersion,
    kind: 'ClusterRole',
    metadata: metadata(name, { labels }),
    ...(aggregates && { aggregationRule: { clusterRoleSelectors } }),
    rules: rules ?? null,
  };
}

function clusterBinding(name: string, subjects: Subject[]): PolicyObject {
  return {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: metadata(name, {}),
    roleRef: { apiGroup, kind: 'ClusterRole', name },
    subjects,
  };
}

function metadata(
  name: string,
  { namespace, labels }: { namespace?: string; labels?: Record<string, string> | undefined },
): KubeObject['metadata'] {
  return {
    name,
    ...(namespace && { namespace }),
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  };
}
