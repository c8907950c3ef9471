import { message, of, present, required } from '#machinery';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Binding extends message('Binding.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  target: required(of(2, 'The target.', ObjectReference)),
}) {}
