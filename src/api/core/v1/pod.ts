import { message, of, present } from '#machinery';
import { PodSpec } from './pod-spec.ts';
import { PodStatus } from './pod-status.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class Pod extends message('Containers that live together on one node, and share its network and volumes.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What is wanted.', PodSpec)),
  status: present(of(3, 'What is.', PodStatus)),
}) {}

export class PodTemplateSpec extends message('The pod that a controller makes.', {
  metadata: present(of(1, 'The labels and annotations of the pods.', ObjectMeta)),
  spec: present(of(2, 'What the pods are to run.', PodSpec)),
}) {}
