import { read, readWrite, rule, write, type RoleFacts } from './rule.ts';

const aggregateTo = (role: string): string => `rbac.authorization.k8s.io/aggregate-to-${role}`;

/** What people are given: cluster-admin, and admin ⊃ edit ⊃ view by aggregation. */
export const userRoles: Record<string, RoleFacts> = {
  'cluster-admin': { rules: [rule('*', '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }] },
  admin: { aggregates: aggregateTo('admin') },
  edit: { aggregates: aggregateTo('edit'), labels: { [aggregateTo('admin')]: 'true' } },
  view: { aggregates: aggregateTo('view'), labels: { [aggregateTo('edit')]: 'true' } },
  'system:aggregate-to-admin': {
    labels: { [aggregateTo('admin')]: 'true' },
    rules: [
      rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
      rule(readWrite, 'rbac.authorization.k8s.io', 'rolebindings roles'),
    ],
  },
  'system:aggregate-to-edit': {
    labels: { [aggregateTo('edit')]: 'true' },
    rules: [
      rule(read, 'core', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
      rule('impersonate', 'core', 'serviceaccounts'),
      rule(write, 'core', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
      rule('create', 'core', 'pods/eviction'),
      rule(
        write,
        'core',
        `configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets
         serviceaccounts services services/proxy`,
      ),
      rule('create', 'core', 'serviceaccounts/token'),
      rule(
        write,
        'apps',
        `daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets
         statefulsets/scale`,
      ),
      rule(write, 'autoscaling', 'horizontalpodautoscalers'),
      rule(write, 'batch', 'cronjobs jobs'),
      rule(
        write,
        'extensions',
        `daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets
         replicasets/scale replicationcontrollers/scale`,
      ),
      rule(write, 'policy', 'poddisruptionbudgets'),
      rule(write, 'networking.k8s.io', 'ingresses networkpolicies'),
      rule(readWrite, 'coordination.k8s.io', 'leases'),
      rule(write, 'events.k8s.io', 'events'),
      rule(write, 'resource.k8s.io', 'resourceclaims resourceclaimtemplates'),
    ],
  },
  'system:aggregate-to-view': {
    labels: { [aggregateTo('view')]: 'true' },
    rules: [
      rule(
        read,
        'core',
        `configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers
         replicationcontrollers/scale serviceaccounts services services/status`,
      ),
      rule(
        read,
        'core',
        `bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status
         resourcequotas resourcequotas/status`,
      ),
      rule(read, 'core', 'namespaces'),
      rule(read, 'discovery.k8s.io', 'endpointslices'),
      rule(
        read,
        'apps',
        `controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets
         replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status`,
      ),
      rule(read, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
      rule(read, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
      rule(
        read,
        'extensions',
        `daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status
         networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale`,
      ),
      rule(read, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
      rule(read, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
      rule(read, 'events.k8s.io', 'events'),
      rule(read, 'resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates'),
    ],
  },
};
