import { message, of, present } from '#machinery';
import { PodTemplateSpec } from './pod.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class PodTemplate extends message('A pod to be made, kept for whoever makes it.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  template: present(of(2, 'The pod.', PodTemplateSpec)),
}) {}
