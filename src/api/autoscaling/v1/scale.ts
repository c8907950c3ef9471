import { int32, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ScaleSpec extends message('How many are wanted.', {
  replicas: int32(1, 'How many.', { default: 0 }),
}) {}

export class ScaleStatus extends message('How many there are.', {
  replicas: required(int32(1, 'How many.')),
  selector: string(2, 'Their labels, as a selector in text.'),
}) {}

export class Scale extends message('How many pods a controller keeps: the one face that all of them have.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', ScaleSpec)),
  status: present(of(3, 'What is.', ScaleStatus)),
}) {}
