import { bool, list, map, message, of, pointer, present, required, string } from '#machinery';
import { FieldSelectorRequirement, LabelSelectorRequirement } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class LabelSelectorAttributes extends message('LabelSelectorAttributes.', {
  rawSelector: string(1, 'The raw selector.'),
  requirements: list(2, 'The requirements.', LabelSelectorRequirement),
}) {}

export class FieldSelectorAttributes extends message('FieldSelectorAttributes.', {
  rawSelector: string(1, 'The raw selector.'),
  requirements: list(2, 'The requirements.', FieldSelectorRequirement),
}) {}

export class ResourceAttributes extends message('ResourceAttributes.', {
  namespace: string(1, 'The namespace.'),
  verb: string(2, 'The verb.'),
  group: string(3, 'The group.'),
  version: string(4, 'The version.'),
  resource: string(5, 'The resource.'),
  subresource: string(6, 'The subresource.'),
  name: string(7, 'The name.'),
  fieldSelector: pointer(of(8, 'The field selector.', FieldSelectorAttributes)),
  labelSelector: pointer(of(9, 'The label selector.', LabelSelectorAttributes)),
}) {}

export class NonResourceAttributes extends message('NonResourceAttributes.', {
  path: string(1, 'The path.'),
  verb: string(2, 'The verb.'),
}) {}

export class SubjectAccessReviewSpec extends message('SubjectAccessReviewSpec.', {
  resourceAttributes: pointer(of(1, 'The resource attributes.', ResourceAttributes)),
  nonResourceAttributes: pointer(of(2, 'The non resource attributes.', NonResourceAttributes)),
  user: string(3, 'The user.'),
  groups: list(4, 'The groups.', string(0, '')),
  extra: map(5, 'The extra.', list(0, '', string(0, ''))),
  uid: string(6, 'The uid.'),
}) {}

export class SubjectAccessReviewStatus extends message('SubjectAccessReviewStatus.', {
  allowed: required(bool(1, 'The allowed.')),
  denied: bool(4, 'The denied.'),
  reason: string(2, 'The reason.'),
  evaluationError: string(3, 'The evaluation error.'),
}) {}

export class SubjectAccessReview extends message('SubjectAccessReview.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', SubjectAccessReviewSpec)),
  status: present(of(3, 'What is.', SubjectAccessReviewStatus)),
}) {}

export class LocalSubjectAccessReview extends message('LocalSubjectAccessReview.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', SubjectAccessReviewSpec)),
  status: present(of(3, 'What is.', SubjectAccessReviewStatus)),
}) {}

export class SelfSubjectAccessReviewSpec extends message('SelfSubjectAccessReviewSpec.', {
  resourceAttributes: pointer(of(1, 'The resource attributes.', ResourceAttributes)),
  nonResourceAttributes: pointer(of(2, 'The non resource attributes.', NonResourceAttributes)),
}) {}

export class SelfSubjectAccessReview extends message('SelfSubjectAccessReview.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', SelfSubjectAccessReviewSpec)),
  status: present(of(3, 'What is.', SubjectAccessReviewStatus)),
}) {}
