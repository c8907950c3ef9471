import { nameColumn, type Column } from '#machinery';
import type { IPAddress } from './ip-address.ts';

/** What `kubectl get ipaddresses` shows. */
export const ipAddressColumns: readonly Column<IPAddress>[] = [
  nameColumn,
  {
    name: 'ParentRef',
    type: 'string',
    description: 'The object that the address belongs to.',
    cell: formatParent,
  },
];

function formatParent({ spec: { parentRef } }: IPAddress): string {
  if (!parentRef) return '<none>';
  const { group, resource, namespace, name } = parentRef;
  const kind = (group ? `${resource}.${group}` : resource).toLowerCase();
  return [kind, ...(namespace ? [namespace] : []), name].join('/');
}
