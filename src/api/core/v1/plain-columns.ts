import { ageColumn, nameColumn, type Column } from '#machinery';
import type { ConfigMap } from './config-map.ts';
import type { Namespace } from './namespace.ts';
import type { Secret } from './secret.ts';
import type { ServiceAccount } from './service-account.ts';

/** What `kubectl get configmaps` shows. */
export const configMapColumns: readonly Column<ConfigMap>[] = [
  nameColumn,
  {
    name: 'Data',
    type: 'string',
    description: 'How many keys there are.',
    cell: ({ data, binaryData }) => sizeOf(data) + sizeOf(binaryData),
  },
  ageColumn,
];

/** What `kubectl get secrets` shows: nothing of the secret itself. */
export const secretColumns: readonly Column<Secret>[] = [
  nameColumn,
  { name: 'Type', type: 'string', description: 'What the secret is for.', cell: ({ type }) => type ?? '' },
  { name: 'Data', type: 'string', description: 'How many keys there are.', cell: ({ data }) => sizeOf(data) },
  ageColumn,
];

/** What `kubectl get serviceaccounts` shows. */
export const serviceAccountColumns: readonly Column<ServiceAccount>[] = [nameColumn, ageColumn];

/** What `kubectl get namespaces` shows. */
export const namespaceColumns: readonly Column<Namespace>[] = [
  nameColumn,
  {
    name: 'Status',
    type: 'string',
    description: 'Active, or Terminating while it is being emptied.',
    cell: ({ status }) => status.phase ?? '',
  },
  ageColumn,
];

function sizeOf(data: Readonly<Record<string, string>> | undefined): number {
  return Object.keys(data ?? {}).length;
}
