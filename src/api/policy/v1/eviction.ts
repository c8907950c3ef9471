import { message, of, pointer, present } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { DeleteOptions } from '../../meta/v1/options.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Eviction extends message('Asks to delete a pod, if its disruption budgets allow it.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  deleteOptions: pointer(of(2, 'How it is deleted.', DeleteOptions)),
}) {}
