import {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  subjectAccessReviews,
  type LocalSubjectAccessReview,
  type SelfSubjectAccessReview,
  type SubjectAccessReview,
} from '#api';
import { badRequest, FieldErrors, FieldPath, invalid, type Resource } from '#machinery';
import { answerOf } from '../registry/index.ts';
import type { VirtualRest } from '../handlers/catalog.ts';
import type { Answer, RequestContext, UserInfo, WriteOptions } from '../registry/rest.ts';
import { readReview } from './read-review.ts';
import { attributesOf, type AccessSpec } from './access-attributes.ts';
import type { ReviewParts } from './review-parts.ts';

interface SubjectSpec extends AccessSpec {
  user?: string;
  groups?: readonly string[];
  uid?: string;
  extra?: Record<string, string[]>;
}

/** `kubectl auth can-i` and its kin: may this user do that? */
export function accessReviews(parts: ReviewParts): VirtualRest[] {
  return [
    review<SubjectAccessReview>(subjectAccessReviews, parts, (spec: SubjectSpec) => {
      mustNameSubject(spec, 'SubjectAccessReview');
      return subjectOf(spec);
    }),
    review<LocalSubjectAccessReview>(localSubjectAccessReviews, parts, (spec: SubjectSpec, _, namespace) => {
      mustNameSubject(spec, 'LocalSubjectAccessReview');
      if (spec.resourceAttributes?.namespace !== namespace) {
        throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
      }
      return subjectOf(spec);
    }),
    review<SelfSubjectAccessReview>(selfSubjectAccessReviews, parts, (_, context) => context.user),
  ];
}

type WhoAsks = (spec: SubjectSpec, context: RequestContext, namespace: string) => UserInfo;

function review<T extends { spec: AccessSpec }>(resource: Resource<T>, parts: ReviewParts, who: WhoAsks): VirtualRest {
  const create = async (
    context: RequestContext,
    namespace: string,
    body: unknown,
    options: WriteOptions,
  ): Promise<Answer> => {
    const object = readReview(resource, body, context, options);
    const spec: SubjectSpec = object.spec;
    mustAskOneThing(spec, resource.kindName);
    const decision = parts.authorizer.authorize(attributesOf(who(spec, context, namespace), spec));
    const { allowed, reason } = decision;
    return answerOf({ ...object, status: { allowed, ...(reason !== '' && { reason }) } });
  };
  return { resource: resource as Resource, create };
}

function subjectOf({ user = '', groups = [], uid, extra }: SubjectSpec): UserInfo {
  return { name: user, groups: [...groups], ...(uid && { uid }), ...(extra && { extra }) };
}

function mustNameSubject({ user, groups = [] }: SubjectSpec, kindName: string): void {
  if (user || groups.length > 0) return;
  const errors = new FieldErrors();
  errors.invalid(FieldPath.of('spec.user'), '', 'at least one of user or group must be specified');
  throw invalid({ group: 'authorization.k8s.io', kindName }, '', errors);
}

function mustAskOneThing({ resourceAttributes, nonResourceAttributes }: AccessSpec, kindName: string): void {
  if ((resourceAttributes === undefined) !== (nonResourceAttributes === undefined)) return;
  const errors = new FieldErrors();
  const both = resourceAttributes !== undefined;
  const detail = both
    ? 'cannot be specified in combination with resourceAttributes'
    : 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  errors.invalid(FieldPath.of(both ? 'spec.nonResourceAttributes' : 'spec.resourceAttributes'), null, detail);
  throw invalid({ group: 'authorization.k8s.io', kindName }, '', errors);
}
