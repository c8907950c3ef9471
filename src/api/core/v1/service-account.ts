import { bool, list, listMap, message, of, pointer, present } from '#machinery';
import { LocalObjectReference, ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ServiceAccount extends message('ServiceAccount.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  secrets: listMap(2, 'The secrets.', ['name'], ObjectReference, { patchMergeKey: 'name' }),
  imagePullSecrets: list(3, 'The image pull secrets.', LocalObjectReference),
  automountServiceAccountToken: pointer(bool(4, 'The automount service account token.')),
}) {}
