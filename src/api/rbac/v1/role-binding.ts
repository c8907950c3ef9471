import { list, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Subject extends message(
  'Whom a role is given to.',
  {
    kind: required(string(1, '`User`, `Group` or `ServiceAccount`.', { minLength: 0 })),
    apiGroup: string(2, 'The API group of the kind; empty for service accounts.'),
    name: required(string(3, 'The name.')),
    namespace: string(4, 'The namespace of a service account.'),
  },
  { mapType: 'atomic', walk: ['name', 'kind', 'apiGroup', 'namespace'] },
) {}

export class RoleRef extends message(
  'Which role is given. It never changes.',
  {
    apiGroup: string(1, '`rbac.authorization.k8s.io`.', { emitEmpty: true }),
    kind: required(string(2, '`Role` or `ClusterRole`.', { minLength: 0 })),
    name: required(string(3, "The role's name.")),
  },
  { mapType: 'atomic' },
) {}

export class RoleBinding extends message('Gives a role to somebody, in one namespace.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  subjects: list(2, 'To whom.', Subject),
  roleRef: required(of(3, 'Which role, of this namespace or of the cluster.', RoleRef)),
}) {}

export class ClusterRoleBinding extends message('Gives a cluster role to somebody, in all namespaces.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  subjects: list(2, 'To whom.', Subject),
  roleRef: required(of(3, 'Which role.', RoleRef)),
}) {}
