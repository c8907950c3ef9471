import type { Clock, Random } from '#base';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const tokenLength = 16;

/** etcd's simple tokens (`server/auth/simple_token.go`): words in memory that stand for a user, while they are used. */
export class SimpleTokens {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ttlMs: number;
  readonly #tokens = new Map<string, { username: string; expiresAtMs: number }>();
  #given = 0;

  constructor(options: { clock: Clock; random: Random; ttlSeconds: number }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#ttlMs = options.ttlSeconds * 1000;
  }

  /** A new token of a user. */
  assign(username: string): string {
    this.#forgetExpired();
    const token = `${this.#word()}.${++this.#given}`;
    this.#tokens.set(token, { username, expiresAtMs: this.#clock.elapsed() + this.#ttlMs });
    return token;
  }

  /** The user of a token, whose time starts anew; undefined when there is no such token any more. */
  userOf(token: string): string | undefined {
    const known = this.#tokens.get(token);
    if (!known || known.expiresAtMs < this.#clock.elapsed()) return undefined;
    known.expiresAtMs = this.#clock.elapsed() + this.#ttlMs;
    return known.username;
  }

  /** Ends all tokens of a user. */
  invalidate(username: string): void {
    for (const [token, known] of this.#tokens) if (known.username === username) this.#tokens.delete(token);
  }

  clear(): void {
    this.#tokens.clear();
  }

  #forgetExpired(): void {
    const now = this.#clock.elapsed();
    for (const [token, { expiresAtMs }] of this.#tokens) if (expiresAtMs < now) this.#tokens.delete(token);
  }

  /** Sixteen letters, each as likely as any other: bytes past the last whole alphabet are drawn again. */
  #word(): string {
    let word = '';
    while (word.length < tokenLength) {
      for (const byte of this.#random.bytes(tokenLength - word.length)) {
        if (byte < letters.length * 4) word += letters.charAt(byte % letters.length);
      }
    }
    return word;
  }
}
