import { selfSubjectRulesReviews } from '#api';
import { badRequest, type Resource } from '#machinery';
import { nodeOf } from '../authz/node-authorizer.ts';
import type { VirtualRest } from '../handlers/catalog.ts';
import { answerOf } from '../registry/index.ts';
import { readReview } from './read-review.ts';
import type { ReviewParts } from './review-parts.ts';

/** `kubectl auth can-i --list`: all that roles allow the user in a namespace; that of `system:masters` is `cluster-admin`. */
export function rulesReview({ rbac }: ReviewParts): VirtualRest {
  return {
    resource: selfSubjectRulesReviews as Resource,
    create: async (context, _namespace, body, options) => {
      const object = readReview(selfSubjectRulesReviews, body, context, options);
      const namespace = object.spec.namespace ?? '';
      if (namespace === '') throw badRequest('no namespace on request');
      const { user } = context;
      const rules = rbac.rulesFor(user, namespace);
      // What a node may do hangs on its pods and cannot be listed.
      const incomplete = nodeOf(user) !== undefined;
      const status = {
        resourceRules: rules.filter((rule) => rule.resources !== undefined && rule.resources.length > 0),
        nonResourceRules: rules.filter((rule) => rule.nonResourceURLs !== undefined && rule.nonResourceURLs.length > 0),
        incomplete,
        ...(incomplete && { evaluationError: 'node authorizer does not support user rule resolution' }),
      };
      const { apiVersion, kind } = object;
      // Upstream answers with a review of its own (`registry/authorization/selfsubjectrulesreview/rest.go`).
      return answerOf({ apiVersion, kind, metadata: {}, spec: {}, status });
    },
  };
}
