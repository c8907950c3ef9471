import type { Attributes, Authorizer, Decision } from './attributes.ts';

/** Members of this group may do everything, whatever the roles say: the way back in when roles are broken. */
const privilegedGroup = 'system:masters';

/** Asks one authorizer after the other; the first that allows decides, the reasons of the others are joined. */
export class UnionAuthorizer implements Authorizer {
  readonly #authorizers: readonly Authorizer[];

  constructor(authorizers: readonly Authorizer[]) {
    this.#authorizers = authorizers;
  }

  authorize(attributes: Attributes): Decision {
    if (attributes.user.groups.includes(privilegedGroup)) return { allowed: true, reason: '' };
    const reasons: string[] = [];
    for (const authorizer of this.#authorizers) {
      const decision = authorizer.authorize(attributes);
      if (decision.allowed) return decision;
      if (decision.reason !== '') reasons.push(decision.reason);
    }
    return { allowed: false, reason: reasons.join('\n') };
  }
}
