import {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  subjectAccessReviews,
  type LocalSubjectAccessReview,
  type SelfSubjectAccessReview,
  type SubjectAccessReview,
} from '#api';
import type { Resource } from '#machinery';
import { answerOf } from '../registry/index.ts';
import type { VirtualRest } from '../handlers/catalog.ts';
import type { Answer, RequestContext, UserInfo, WriteOptions } from '../registry/rest.ts';
import { readReview } from './read-review.ts';
import { attributesOf } from './access-attributes.ts';
import type { ReviewParts } from './review-parts.ts';
import { validateAccessReview, type AccessReview, type SubjectSpec } from './validate-access-review.ts';

/** `kubectl auth can-i` and its kin: may this user do that? */
export function accessReviews(parts: ReviewParts): VirtualRest[] {
  return [
    review<SubjectAccessReview>(subjectAccessReviews, parts, (object) => {
      validateAccessReview(object, 'anyone');
      return subjectOf(object.spec);
    }),
    review<LocalSubjectAccessReview>(localSubjectAccessReviews, parts, (object, _, namespace) => {
      validateAccessReview(object, { local: namespace });
      return subjectOf(object.spec);
    }),
    review<SelfSubjectAccessReview>(selfSubjectAccessReviews, parts, (object, context) => {
      validateAccessReview(object, 'self');
      return context.user;
    }),
  ];
}

/** Whom the review is about. Throws Invalid. */
type WhoAsks = (object: AccessReview, context: RequestContext, namespace: string) => UserInfo;

function review<T extends AccessReview>(resource: Resource<T>, parts: ReviewParts, who: WhoAsks): VirtualRest {
  const create = async (
    context: RequestContext,
    namespace: string,
    body: unknown,
    options: WriteOptions,
  ): Promise<Answer> => {
    const object = readReview(resource, body, context, options);
    const user = who(object, context, namespace);
    const { allowed, reason } = parts.authorizer.authorize(attributesOf(user, object.spec));
    return answerOf({ ...object, status: { allowed, ...(reason !== '' && { reason }) } });
  };
  return { resource: resource as Resource, create };
}

function subjectOf({ user = '', groups = [], uid, extra }: SubjectSpec): UserInfo {
  return { name: user, groups: [...groups], ...(uid && { uid }), ...(extra && { extra }) };
}
