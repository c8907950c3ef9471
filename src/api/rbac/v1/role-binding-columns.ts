import { ageColumn, nameColumn, type Column } from '#machinery';
import type { RoleBinding, Subject } from './role-binding.ts';

type Binding = Pick<RoleBinding, 'metadata' | 'roleRef' | 'subjects'>;

function subjectsColumn(name: string, kind: string, show: (subject: Subject) => string): Column<Binding> {
  return {
    name,
    type: 'string',
    priority: 1,
    description: `The subjects of the kind ${kind}.`,
    cell: ({ subjects }) =>
      (subjects ?? [])
        .filter((one) => one.kind === kind)
        .map(show)
        .join(', '),
  };
}

/** What `kubectl get rolebindings` and `clusterrolebindings` show. */
export const roleBindingColumns: readonly Column<Binding>[] = [
  nameColumn,
  {
    name: 'Role',
    type: 'string',
    description: 'The role that is given.',
    cell: ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`,
  },
  ageColumn,
  subjectsColumn('Users', 'User', ({ name }) => name),
  subjectsColumn('Groups', 'Group', ({ name }) => name),
  subjectsColumn('ServiceAccounts', 'ServiceAccount', ({ namespace = '', name }) => `${namespace}/${name}`),
];
