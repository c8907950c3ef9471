import { bool, list, listMap, message, of, pointer, present } from '#machinery';
import { LocalObjectReference, ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ServiceAccount extends message('Whom programs in pods are known as.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  secrets: listMap(2, 'Secrets that its pods may mount, where that is held to.', ['name'], ObjectReference, {
    patchMergeKey: 'name',
  }),
  imagePullSecrets: list(3, 'Registry credentials that its pods are given.', LocalObjectReference),
  automountServiceAccountToken: pointer(bool(4, "Whether its pods get a token; a pod's own word wins.")),
}) {}
