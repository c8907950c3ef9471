import { bool, list, map, message, of, pointer, present, required, string } from '#machinery';
import { FieldSelectorRequirement, LabelSelectorRequirement } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class LabelSelectorAttributes extends message('The label selector of a request.', {
  rawSelector: string(1, 'As it was sent. Not heeded by the API server.'),
  requirements: list(2, 'As it is understood.', LabelSelectorRequirement),
}) {}

export class FieldSelectorAttributes extends message('The field selector of a request.', {
  rawSelector: string(1, 'As it was sent. Not heeded by the API server.'),
  requirements: list(2, 'As it is understood.', FieldSelectorRequirement),
}) {}

export class ResourceAttributes extends message('A request to a resource.', {
  namespace: string(1, 'The namespace; empty for all, or for none.'),
  verb: string(2, 'What would be done; `*` for everything.'),
  group: string(3, 'The API group; `*` for every group.'),
  version: string(4, 'The version; `*` for every version.'),
  resource: string(5, 'The resource; `*` for all.'),
  subresource: string(6, 'The subresource.'),
  name: string(7, "The object's name; empty for all."),
  fieldSelector: pointer(of(8, 'By which fields objects are selected.', FieldSelectorAttributes)),
  labelSelector: pointer(of(9, 'By which labels objects are selected.', LabelSelectorAttributes)),
}) {}

export class NonResourceAttributes extends message('A request to a path that is no resource.', {
  path: string(1, 'The path.'),
  verb: string(2, 'The HTTP verb.'),
}) {}

export class SubjectAccessReviewSpec extends message('A request, and whose it would be.', {
  resourceAttributes: pointer(of(1, 'A request to a resource.', ResourceAttributes)),
  nonResourceAttributes: pointer(of(2, 'A request to another path.', NonResourceAttributes)),
  user: string(3, 'The user.'),
  groups: list(4, "The user's groups.", string(0, '')),
  extra: map(5, 'What else is known of the user.', list(0, '', string(0, ''))),
  uid: string(6, "The user's identity."),
}) {}

export class SubjectAccessReviewStatus extends message('Whether it is allowed.', {
  allowed: required(bool(1, 'Whether it is.')),
  denied: bool(4, 'Whether it is expressly not.'),
  reason: string(2, 'Why.'),
  evaluationError: string(3, 'What went wrong on the way, which need not matter.'),
}) {}

export class SubjectAccessReview extends message('Asks what somebody may do.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', SubjectAccessReviewSpec)),
  status: present(of(3, 'What is.', SubjectAccessReviewStatus)),
}) {}

export class LocalSubjectAccessReview extends message('Asks what somebody may do in one namespace.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', SubjectAccessReviewSpec)),
  status: present(of(3, 'What is.', SubjectAccessReviewStatus)),
}) {}

export class SelfSubjectAccessReviewSpec extends message('A request that the asker would make.', {
  resourceAttributes: pointer(of(1, 'A request to a resource.', ResourceAttributes)),
  nonResourceAttributes: pointer(of(2, 'A request to another path.', NonResourceAttributes)),
}) {}

export class SelfSubjectAccessReview extends message('Asks what oneself may do (`kubectl auth can-i`).', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: required(of(2, 'What is wanted.', SelfSubjectAccessReviewSpec)),
  status: present(of(3, 'What is.', SubjectAccessReviewStatus)),
}) {}
