import { message, of, present, required } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';
import { ResourceClaimSpec } from './resource-claim.ts';

export class ResourceClaimTemplateSpec extends message('The claim that is made for each pod. It never changes.', {
  metadata: present(of(1, 'The labels and annotations of the claims.', ObjectMeta)),
  spec: required(of(2, 'What they want.', ResourceClaimSpec)),
}) {}

export class ResourceClaimTemplate extends message('Makes a claim for each pod that names it.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'The claim that is made.', ResourceClaimTemplateSpec)),
}) {}
