import { ageColumn, nameColumn, type Column } from '#machinery';
import type { EndpointSlice } from './endpoint-slice.ts';

const maxShown = 3;

/** What `kubectl get endpointslices` shows. */
export const endpointSliceColumns: readonly Column<EndpointSlice>[] = [
  nameColumn,
  {
    name: 'AddressType',
    type: 'string',
    description: 'What the addresses are: IPv4, IPv6 or names.',
    cell: ({ addressType }) => addressType,
  },
  {
    name: 'Ports',
    type: 'string',
    description: 'The ports of each endpoint.',
    cell: ({ ports }) => shorten((ports ?? []).map(({ port, name }) => String(port ?? name ?? '*'))),
  },
  {
    name: 'Endpoints',
    type: 'string',
    description: 'The addresses of the endpoints.',
    cell: ({ endpoints }) => shorten((endpoints ?? []).flatMap(({ addresses }) => addresses)),
  },
  ageColumn,
];

function shorten(all: readonly string[]): string {
  if (all.length === 0) return '<unset>';
  const shown = all.slice(0, maxShown).join(',');
  return all.length > maxShown ? `${shown} + ${all.length - maxShown} more...` : shown;
}
