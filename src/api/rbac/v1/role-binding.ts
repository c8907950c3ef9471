import { list, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Subject extends message(
  'Subject.',
  {
    kind: required(string(1, 'The kind.', { minLength: 0 })),
    apiGroup: string(2, 'The api group.'),
    name: required(string(3, 'The name.')),
    namespace: string(4, 'The namespace.'),
  },
  { mapType: 'atomic' },
) {}

export class RoleRef extends message(
  'RoleRef.',
  {
    apiGroup: string(1, 'The api group.', { emitEmpty: true }),
    kind: required(string(2, 'The kind.', { minLength: 0 })),
    name: required(string(3, 'The name.')),
  },
  { mapType: 'atomic' },
) {}

export class RoleBinding extends message('RoleBinding.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  subjects: list(2, 'The subjects.', Subject),
  roleRef: required(of(3, 'The role ref.', RoleRef)),
}) {}

export class ClusterRoleBinding extends message('ClusterRoleBinding.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  subjects: list(2, 'The subjects.', Subject),
  roleRef: required(of(3, 'The role ref.', RoleRef)),
}) {}
