import { message, of, present } from '#machinery';
import { PodSpec } from './pod-spec.ts';
import { PodStatus } from './pod-status.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Pod extends message('Pod.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', PodSpec)),
  status: present(of(3, 'What is.', PodStatus)),
}) {}

export class PodTemplateSpec extends message('PodTemplateSpec.', {
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', PodSpec)),
}) {}
