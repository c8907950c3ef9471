import { selfSubjectReviews, tokenReviews } from '#api';
import { badRequest, formatTime, isStatusError, type Resource } from '#machinery';
import type { Clock } from '#base';
import type { VirtualRest } from '../handlers/catalog.ts';
import { answerOf } from '../registry/index.ts';
import type { UserInfo } from '../registry/rest.ts';
import { readReview } from './read-review.ts';
import type { ReviewParts } from './review-parts.ts';

/** Whose token is this? */
export function tokenReview({ authenticator }: ReviewParts): VirtualRest {
  return {
    resource: tokenReviews as Resource,
    create: async (context, _namespace, body, options) => {
      const object = readReview(tokenReviews, body, context, options);
      const { token, audiences } = object.spec;
      if (!token) throw badRequest('token is required for TokenReview in authentication');
      try {
        const known = await authenticator.authenticateToken(token, audiences);
        const matched = known.audiences.length > 0 ? { audiences: known.audiences } : {};
        return answerOf({ ...object, status: { authenticated: true, user: wire(known.user), ...matched } });
      } catch (error) {
        if (!isStatusError(error, 'Unauthorized')) throw error;
        return answerOf({ ...object, status: { user: {}, error: 'invalid bearer token' } });
      }
    },
  };
}

/** `kubectl auth whoami`. */
export function selfSubjectReview(clock: Clock): VirtualRest {
  return {
    resource: selfSubjectReviews as Resource,
    create: async (context, _namespace, body, options) => {
      const object = readReview(selfSubjectReviews, body, context, options);
      const metadata = { ...object.metadata, creationTimestamp: formatTime(clock.now()) };
      return answerOf({ ...object, metadata, status: { userInfo: wire(context.user) } });
    },
  };
}

function wire({ name, uid, groups, extra }: UserInfo): object {
  return {
    username: name,
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extra && Object.keys(extra).length > 0 && { extra }),
  };
}
