import { ageColumn, nameColumn, type Column } from '#machinery';
import type { Ingress } from './ingress.ts';

const maxHosts = 3;
/** Longer lists of addresses are cut. */
const addressWidth = 16;

/** What `kubectl get ingresses` shows. */
export const ingressColumns: readonly Column<Ingress>[] = [
  nameColumn,
  {
    name: 'Class',
    type: 'string',
    description: 'The class, which tells who serves it.',
    cell: ({ spec }) => spec.ingressClassName ?? '<none>',
  },
  {
    name: 'Hosts',
    type: 'string',
    description: 'The hosts that it answers for.',
    cell: formatHosts,
  },
  {
    name: 'Address',
    type: 'string',
    description: 'Where it is reached.',
    cell: formatAddresses,
  },
  {
    name: 'Ports',
    type: 'string',
    description: 'The ports on which it is reached.',
    cell: ({ spec }) => ((spec.tls?.length ?? 0) > 0 ? '80, 443' : '80'),
  },
  ageColumn,
];

function formatHosts({ spec: { rules = [] } }: Ingress): string {
  const shown = rules.slice(0, maxHosts).flatMap(({ host }) => host || []);
  if (shown.length === 0) return '*';
  const text = shown.join(',');
  return rules.length > maxHosts ? `${text} + ${rules.length - maxHosts} more...` : text;
}

function formatAddresses({ status }: Ingress): string {
  const addresses = (status.loadBalancer.ingress ?? []).flatMap(({ ip, hostname }) => ip || hostname || []);
  const text = [...new Set(addresses)].sort().join(',');
  return text.length > addressWidth ? `${text.slice(0, addressWidth - 3)}...` : text;
}
