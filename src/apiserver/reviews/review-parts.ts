import type { Authenticator } from '../authn/authenticator.ts';
import type { Authorizer } from '../authz/attributes.ts';
import type { RbacAuthorizer } from '../authz/rbac.ts';

/** What reviews ask. */
export interface ReviewParts {
  authenticator: Authenticator;
  authorizer: Authorizer;
  rbac: RbacAuthorizer;
}
