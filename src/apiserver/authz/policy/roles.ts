import type { PolicyRule } from '../rules.ts';
import { read, readWrite, rule, urls, write, writeEvents } from './rule.ts';

/** A default cluster role, before its metadata. */
export interface RoleFacts {
  rules?: PolicyRule[];
  /** Labels beside the bootstrapping one. */
  labels?: Record<string, string>;
  /** Gathers the rules of the roles that carry this label. */
  aggregates?: string;
}

const aggregateTo = (role: string): string => `rbac.authorization.k8s.io/aggregate-to-${role}`;

/** What people are given: cluster-admin, and admin ⊃ edit ⊃ view by aggregation. */
const userRoles: Record<string, RoleFacts> = {
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
      rule(read, 'coordination.k8s.io', 'leases'),
    ],
  },
};

/** What everybody may see, and the delegation of authentication. */
const commonRoles: Record<string, RoleFacts> = {
  'system:discovery': {
    rules: [urls('/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/')],
  },
  'system:public-info-viewer': { rules: [urls('/healthz /livez /readyz /version /version/')] },
  'system:monitoring': {
    rules: [urls('/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz')],
  },
  'system:basic-user': {
    rules: [
      rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
      rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
  },
  'system:auth-delegator': {
    rules: [
      rule('create', 'authentication.k8s.io', 'tokenreviews'),
      rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
    ],
  },
  'system:service-account-issuer-discovery': {
    rules: [urls('/.well-known/openid-configuration /openid/v1/jwks')],
  },
  'system:heapster': {
    rules: [rule(read, 'core', 'events namespaces nodes pods'), rule(read, 'extensions', 'deployments')],
  },
  'system:kube-aggregator': { rules: [rule(read, 'core', 'endpoints services')] },
};

const approver = (signer: string): RoleFacts => ({
  rules: [rule('approve', 'certificates.k8s.io', 'signers', `kubernetes.io/${signer}`)],
});

const certificateRoles: Record<string, RoleFacts> = {
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': {
    rules: [rule('create', 'certificates.k8s.io', 'certificatesigningrequests/nodeclient')],
  },
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': {
    rules: [rule('create', 'certificates.k8s.io', 'certificatesigningrequests/selfnodeclient')],
  },
  'system:certificates.k8s.io:kube-apiserver-client-approver': approver('kube-apiserver-client'),
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': approver('kube-apiserver-client-kubelet'),
  'system:certificates.k8s.io:kubelet-serving-approver': approver('kubelet-serving'),
  'system:certificates.k8s.io:legacy-unknown-approver': approver('legacy-unknown'),
};

/** What a kubelet needs; the node authorizer narrows it to what its pods need. */
export const nodeRules: PolicyRule[] = [
  rule('create', 'authentication.k8s.io', 'tokenreviews'),
  rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews subjectaccessreviews'),
  rule(read, 'core', 'services'),
  rule('create get list watch', 'core', 'nodes'),
  rule('patch update', 'core', 'nodes/status'),
  rule('patch update', 'core', 'nodes'),
  rule('create patch update', 'core events.k8s.io', 'events'),
  rule(read, 'core', 'pods'),
  rule('create delete', 'core', 'pods'),
  rule('patch update', 'core', 'pods/status'),
  rule('create', 'core', 'pods/eviction'),
  rule(read, 'core', 'configmaps secrets'),
  rule('get', 'core', 'persistentvolumeclaims persistentvolumes'),
  rule('get', 'core', 'endpoints'),
  rule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
  rule('create delete get patch update', 'coordination.k8s.io', 'leases'),
  rule('get', 'storage.k8s.io', 'volumeattachments'),
  rule('create', 'core', 'serviceaccounts/token'),
  rule('get patch update', 'core', 'persistentvolumeclaims/status'),
  rule(read, 'storage.k8s.io', 'csidrivers'),
  rule('create delete get patch update', 'storage.k8s.io', 'csinodes'),
  rule(read, 'node.k8s.io', 'runtimeclasses'),
];

const nodeRoles: Record<string, RoleFacts> = {
  'system:node': { rules: nodeRules },
  'system:node-bootstrapper': {
    rules: [rule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests')],
  },
  'system:node-problem-detector': {
    rules: [rule('get', 'core', 'nodes'), rule('patch', 'core', 'nodes/status'), writeEvents],
  },
  'system:node-proxier': {
    rules: [
      rule('list watch', 'core', 'endpoints services'),
      rule(read, 'core', 'nodes'),
      writeEvents,
      rule('list watch', 'discovery.k8s.io', 'endpointslices'),
      rule('list watch', 'networking.k8s.io', 'servicecidrs'),
    ],
  },
  'system:kubelet-api-admin': {
    rules: [
      rule(read, 'core', 'nodes'),
      rule('proxy', 'core', 'nodes'),
      rule('*', 'core', 'nodes/configz nodes/healthz nodes/log nodes/metrics nodes/pods nodes/proxy nodes/stats'),
    ],
  },
};

const componentRoles: Record<string, RoleFacts> = {
  'system:kube-controller-manager': {
    rules: [
      writeEvents,
      rule('create', 'coordination.k8s.io', 'leases'),
      rule('get update', 'coordination.k8s.io', 'leases', 'kube-controller-manager'),
      rule('create', 'core', 'secrets serviceaccounts'),
      rule('delete', 'core', 'secrets'),
      rule('get', 'core', 'configmaps namespaces secrets serviceaccounts'),
      rule('update', 'core', 'secrets serviceaccounts'),
      rule('create', 'authentication.k8s.io', 'tokenreviews'),
      rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
      rule('list watch', '*', '*'),
      rule('create', 'core', 'serviceaccounts/token'),
    ],
  },
  'system:kube-dns': { rules: [rule('list watch', 'core', 'endpoints services')] },
  'system:kube-scheduler': {
    rules: [
      writeEvents,
      rule('create', 'coordination.k8s.io', 'leases'),
      rule('get list update watch', 'coordination.k8s.io', 'leases', 'kube-scheduler'),
      rule(read, 'core', 'nodes'),
      rule('delete get list watch', 'core', 'pods'),
      rule('create', 'core', 'bindings pods/binding'),
      rule('patch update', 'core', 'pods/status'),
      rule(read, 'core', 'replicationcontrollers services'),
      rule(read, 'apps extensions', 'replicasets'),
      rule(read, 'apps', 'statefulsets'),
      rule(read, 'policy', 'poddisruptionbudgets'),
      rule('get list patch update watch', 'core', 'persistentvolumeclaims persistentvolumes'),
      rule('create', 'authentication.k8s.io', 'tokenreviews'),
      rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
      rule(read, 'storage.k8s.io', 'csinodes'),
      rule(read, 'core', 'namespaces'),
      rule(read, 'storage.k8s.io', 'csidrivers csistoragecapacities volumeattachments'),
      rule(read, 'resource.k8s.io', 'deviceclasses resourceslices'),
      rule('get list patch update watch', 'resource.k8s.io', 'resourceclaims'),
      rule('patch update', 'resource.k8s.io', 'resourceclaims/status'),
    ],
  },
  'system:volume-scheduler': {
    rules: [
      rule('get list patch update watch', 'core', 'persistentvolumes'),
      rule(read, 'storage.k8s.io', 'storageclasses'),
      rule('get list patch update watch', 'core', 'persistentvolumeclaims'),
    ],
  },
  'system:persistent-volume-provisioner': {
    rules: [
      rule('create delete get list watch', 'core', 'persistentvolumes'),
      rule('get list update watch', 'core', 'persistentvolumeclaims'),
      rule(read, 'storage.k8s.io', 'storageclasses'),
      rule('watch', 'core', 'events'),
      writeEvents,
    ],
  },
};

/** The default cluster roles of `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go`, by name. */
export const clusterRoleFacts: Record<string, RoleFacts> = {
  ...userRoles,
  ...commonRoles,
  ...certificateRoles,
  ...nodeRoles,
  ...componentRoles,
};
