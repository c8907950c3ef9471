import { ageColumn, nameColumn, type Column } from '#machinery';
import type { APIService } from './api-service.ts';

/** As `kube-aggregator/pkg/registry/apiservice/etcd/etcd.go` has them. */
export const apiServiceColumns: readonly Column<APIService>[] = [
  nameColumn,
  {
    name: 'Service',
    type: 'string',
    description: 'The Service that serves it, or that it is served here.',
    cell: ({ spec: { service } }) => (service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local'),
  },
  { name: 'Available', type: 'string', description: 'Whether it can be reached.', cell: formatAvailable },
  ageColumn,
];

function formatAvailable({ status: { conditions = [] } }: APIService): string {
  const found = conditions.find(({ type }) => type === 'Available');
  if (!found) return 'Unknown';
  return found.status === 'True' || !found.reason ? found.status : `${found.status} (${found.reason})`;
}
