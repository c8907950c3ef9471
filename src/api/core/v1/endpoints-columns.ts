import { ageColumn, nameColumn, type Column } from '#machinery';
import type { Endpoints } from './endpoints.ts';

const maxShown = 3;

/** What `kubectl get endpoints` shows. */
export const endpointsColumns: readonly Column<Endpoints>[] = [
  nameColumn,
  { name: 'Endpoints', type: 'string', description: 'The addresses that are ready, with their ports.', cell: format },
  ageColumn,
];

function format(endpoints: Endpoints): string {
  const all = addressesOf(endpoints);
  if (all.length === 0) return '<none>';
  const shown = all.slice(0, maxShown).join(',');
  return all.length > maxShown ? `${shown} + ${all.length - maxShown} more...` : shown;
}

/** Every address with every port, the ports outside; headless services may have none. */
function addressesOf({ subsets = [] }: Endpoints): string[] {
  return subsets.flatMap(({ addresses = [], ports = [] }) => {
    if (ports.length === 0) return addresses.map(({ ip }) => ip);
    return ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`));
  });
}
