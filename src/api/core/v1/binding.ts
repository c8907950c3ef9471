import { message, of, present, required } from '#machinery';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Binding extends message('Gives a pod its node. Created by schedulers as `pods/binding`.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  target: required(of(2, 'The node.', ObjectReference)),
}) {}
