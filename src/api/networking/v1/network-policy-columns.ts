import { ageColumn, nameColumn, selectorOf, type Column } from '#machinery';
import type { NetworkPolicy } from './network-policy.ts';

/** What `kubectl get networkpolicies` shows. */
export const networkPolicyColumns: readonly Column<NetworkPolicy>[] = [
  nameColumn,
  {
    name: 'Pod-Selector',
    type: 'string',
    description: 'The labels of the pods that it is about.',
    cell: ({ spec }) => selectorOf(spec.podSelector).toString() || '<none>',
  },
  ageColumn,
];
