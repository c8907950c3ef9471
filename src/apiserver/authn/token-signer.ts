import { SignJWT } from 'jose';
import { randomUuid, type Clock, type Random } from '#base';
import type { ServiceAccountKey } from './service-account-key.ts';
import type { ServiceAccountClaims } from './token-claims.ts';

/** What a TokenRequest asks for, after the registry found the objects it is bound to. */
export interface TokenClaims extends ServiceAccountClaims {
  audiences: readonly string[];
  expirationSeconds: number;
}

export interface SignedToken {
  token: string;
  expirationTimestampMs: number;
}

/** Signs service account tokens (`pkg/serviceaccount/claims.go`). */
export class TokenSigner {
  readonly #key: ServiceAccountKey;
  readonly #issuer: string;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(options: { key: ServiceAccountKey; issuer: string; clock: Clock; random: Random }) {
    this.#key = options.key;
    this.#issuer = options.issuer;
    this.#clock = options.clock;
    this.#random = options.random;
  }

  /** The audience of tokens that ask for none. */
  get defaultAudiences(): string[] {
    return [this.#issuer];
  }

  async sign({ audiences, expirationSeconds, namespace, ...bound }: TokenClaims): Promise<SignedToken> {
    const now = Math.floor(this.#clock.now() / 1000);
    const expires = now + expirationSeconds;
    const { node, pod, secret, serviceaccount } = bound;
    const kubernetes = {
      namespace,
      ...(node && { node }),
      ...(pod && { pod }),
      ...(secret && { secret }),
      serviceaccount,
    };
    const token = await new SignJWT({ 'kubernetes.io': kubernetes })
      .setProtectedHeader({ alg: this.#key.algorithm, kid: this.#key.keyId })
      .setIssuer(this.#issuer)
      .setAudience(audiences.length > 0 ? [...audiences] : this.defaultAudiences)
      .setSubject(`system:serviceaccount:${namespace}:${serviceaccount.name}`)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(expires)
      .setJti(randomUuid(this.#random))
      .sign(this.#key.privateKey);
    return { token, expirationTimestampMs: expires * 1000 };
  }
}
