import { rule, read, writeEvents } from './rule.ts';
import type { PolicyRule } from '../rules.ts';
import type { Subject } from '../rbac.ts';

const rbacGroup = 'rbac.authorization.k8s.io';
const user = (name: string): Subject => ({ kind: 'User', apiGroup: rbacGroup, name });
const group = (name: string): Subject => ({ kind: 'Group', apiGroup: rbacGroup, name });
const account = (name: string): Subject => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' });

const authenticated = group('system:authenticated');
const unauthenticated = group('system:unauthenticated');
const controllerManager = user('system:kube-controller-manager');
const scheduler = user('system:kube-scheduler');

/** The default cluster role bindings: the role's name and who has it. A binding is named as its role. */
export const clusterBindingFacts: Record<string, Subject[]> = {
  'cluster-admin': [group('system:masters')],
  'system:monitoring': [group('system:monitoring')],
  'system:discovery': [authenticated],
  'system:basic-user': [authenticated],
  'system:public-info-viewer': [authenticated, unauthenticated],
  'system:node-proxier': [user('system:kube-proxy')],
  'system:kube-controller-manager': [controllerManager],
  'system:kube-dns': [account('kube-dns')],
  'system:kube-scheduler': [scheduler],
  'system:volume-scheduler': [scheduler],
  'system:service-account-issuer-discovery': [group('system:serviceaccounts')],
  // The node authorizer answers for nodes; the binding stays without subjects, as upstream writes it.
  'system:node': [],
};

/** A default role in a namespace, and the binding of the same name (or `bindingName`). */
export interface NamespacedFacts {
  namespace: 'kube-system' | 'kube-public';
  name: string;
  rules: PolicyRule[];
  subjects: Subject[];
  bindingName?: string;
}

const leaderLocking = [rule('create get list update watch', 'coordination.k8s.io', 'leasecandidates leases')];

/** `bootstrappolicy/namespace_policy.go`. */
export const namespacedFacts: NamespacedFacts[] = [
  {
    namespace: 'kube-system',
    name: 'extension-apiserver-authentication-reader',
    bindingName: 'system::extension-apiserver-authentication-reader',
    rules: [rule(read, 'core', 'configmaps', 'extension-apiserver-authentication')],
    subjects: [controllerManager, scheduler],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:bootstrap-signer',
    rules: [rule(read, 'core', 'secrets')],
    subjects: [account('bootstrap-signer')],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:cloud-provider',
    rules: [rule('create get list watch', 'core', 'configmaps')],
    subjects: [account('cloud-provider')],
  },
  {
    namespace: 'kube-system',
    name: 'system:controller:token-cleaner',
    rules: [rule('get list watch delete', 'core', 'secrets'), writeEvents],
    subjects: [account('token-cleaner')],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-controller-manager',
    rules: leaderLocking,
    subjects: [controllerManager, account('kube-controller-manager'), account('leader-election-controller')],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-scheduler',
    rules: leaderLocking,
    subjects: [scheduler, account('kube-scheduler')],
  },
  {
    namespace: 'kube-public',
    name: 'system:controller:bootstrap-signer',
    rules: [rule(read, 'core', 'configmaps'), rule('update', 'core', 'configmaps', 'cluster-info'), writeEvents],
    subjects: [account('bootstrap-signer')],
  },
];
