import { int32, message, of, present, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ScaleSpec extends message('ScaleSpec.', {
  replicas: int32(1, 'The replicas.', { default: 0 }),
}) {}

export class ScaleStatus extends message('ScaleStatus.', {
  replicas: required(int32(1, 'The replicas.')),
  selector: string(2, 'The selector.'),
}) {}

export class Scale extends message('Scale.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', ScaleSpec)),
  status: present(of(3, 'What is.', ScaleStatus)),
}) {}
