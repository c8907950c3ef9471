import { resource } from '#machinery';
import { NetworkPolicy } from './network-policy.ts';
import { networkPolicyColumns } from './network-policy-columns.ts';
import { setNetworkPolicyDefaults } from './network-policy-defaults.ts';
import { validateNetworkPolicy } from './network-policy-validation.ts';
import { warnOfNetworkPolicy } from './network-policy-warnings.ts';

export const networkPolicies = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: NetworkPolicy,
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  columns: networkPolicyColumns,
  setDefaults: setNetworkPolicyDefaults,
  validate: validateNetworkPolicy,
  warn: warnOfNetworkPolicy,
});
