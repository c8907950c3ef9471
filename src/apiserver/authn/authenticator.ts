import { timingSafeEqual, createHash } from 'node:crypto';
import { unauthorized } from '#machinery';
import type { UserInfo } from '../registry/rest.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { anonymous, authenticated } from './users.ts';
import { certified, type Certified, type ClientSocket } from './x509.ts';

/** A token given at start: bootstrap tokens, an administrator's token. */
export interface StaticToken {
  token: string;
  user: UserInfo;
}

export interface AuthenticatorOptions {
  serviceAccounts: ServiceAccountTokens;
  tokens?: readonly StaticToken[];
  /** Told, at each request with a client certificate, until when that is good. */
  certified?: (untilMs: number) => void;
}

/** Tells who asks: by client certificate, by token, or else anonymous. */
export class Authenticator {
  readonly #serviceAccounts: ServiceAccountTokens;
  readonly #static: readonly { digest: Buffer; user: UserInfo }[];
  readonly #bySocket = new WeakMap<object, Certified | 'nobody'>();
  readonly #seen: ((untilMs: number) => void) | undefined;
  readonly #byTokenUser = new WeakMap<UserInfo, UserInfo>();

  constructor(options: AuthenticatorOptions) {
    this.#serviceAccounts = options.serviceAccounts;
    this.#seen = options.certified;
    this.#static = (options.tokens ?? []).map(({ token, user }) => ({
      digest: digest(token),
      user: authenticated(user),
    }));
  }

  /** The user of a request. Throws Unauthorized for credentials that are not good; no credentials are anonymous. */
  authenticate(socket: ClientSocket | undefined, authorization: string | undefined): UserInfo | Promise<UserInfo> {
    const user = socket && this.#certified(socket);
    if (user) return user;
    const token = bearerToken(authorization);
    return token === undefined ? anonymous : this.authenticateToken(token).then(({ user }) => user);
  }

  /** The user of a token, and the audiences of `audiences` (default: this server) that it is good for. Throws Unauthorized. */
  async authenticateToken(
    token: string,
    audiences?: readonly string[],
  ): Promise<{ user: UserInfo; audiences: string[] }> {
    if (this.#serviceAccounts.isOurs(token)) {
      const known = await this.#serviceAccounts.authenticate(token, audiences);
      return { ...known, user: this.#authenticated(known.user) };
    }
    const given = digest(token);
    const known = this.#static.find((one) => timingSafeEqual(one.digest, given));
    if (!known) throw unauthorized();
    const accepted = audiences?.length ? audiences : [this.#serviceAccounts.issuer];
    return { user: known.user, audiences: [...accepted] };
  }

  /** The same user, as everyone who is known: one object for a token, by which its rules are remembered. */
  #authenticated(user: UserInfo): UserInfo {
    let known = this.#byTokenUser.get(user);
    if (!known) this.#byTokenUser.set(user, (known = authenticated(user)));
    return known;
  }

  /** A connection keeps its certificate, so its user is read once. */
  #certified(socket: ClientSocket): UserInfo | undefined {
    let known = this.#bySocket.get(socket);
    if (!known) this.#bySocket.set(socket, (known = certified(socket) ?? 'nobody'));
    if (known === 'nobody') return undefined;
    this.#seen?.(known.untilMs);
    return known.user;
  }
}

function bearerToken(authorization: string | undefined): string | undefined {
  const match = /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '');
  return match?.[1];
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
