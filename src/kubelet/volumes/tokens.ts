import { serviceAccounts, type Pod } from '#api';
import type { Clock, Random } from '#base';
import type { Client } from '#client';
import { parseTime } from '#machinery';

/** Where projected volumes get service account tokens. */
export interface TokenReader {
  token(pod: Pod, audience: string, expirationSeconds: number): Promise<string>;
}

interface Held {
  readonly token: string;
  readonly refreshAtMs: number;
  readonly expiresAtMs: number;
}

interface TokenAnswer {
  status?: { token?: string; expirationTimestamp?: string };
}

/** A renewal that failed is tried again after this. */
const retryMs = 60_000;
const maxAgeMs = 24 * 3600 * 1000;

/**
 * Tokens bound to pods, asked for once and renewed when 80% of their life or a day has passed (upstream
 * `pkg/kubelet/token/token_manager.go`). A token that cannot be renewed is used until it expires.
 */
export class TokenManager implements TokenReader {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #held = new Map<string, Held>();

  constructor({ client, clock, random }: { client: Client; clock: Clock; random: Random }) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
  }

  async token(pod: Pod, audience: string, expirationSeconds: number): Promise<string> {
    const key = `${pod.metadata.uid}/${audience}/${expirationSeconds}`;
    const held = this.#held.get(key);
    if (held && this.#clock.now() < held.refreshAtMs) return held.token;
    try {
      const fresh = await this.#request(pod, audience, expirationSeconds);
      this.#held.set(key, fresh);
      return fresh.token;
    } catch (error) {
      const now = this.#clock.now();
      if (held && now < held.expiresAtMs) {
        this.#held.set(key, { ...held, refreshAtMs: now + retryMs });
        return held.token;
      }
      throw new Error(`failed to fetch token: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  /** When the next token of a pod is due; undefined when it holds none. */
  nextRefreshMs(uid: string): number | undefined {
    const due = [...this.#held].flatMap(([key, held]) => (key.startsWith(`${uid}/`) ? [held.refreshAtMs] : []));
    return due.length === 0 ? undefined : Math.min(...due);
  }

  forget(uid: string): void {
    for (const key of this.#held.keys()) if (key.startsWith(`${uid}/`)) this.#held.delete(key);
  }

  async #request(pod: Pod, audience: string, expirationSeconds: number): Promise<Held> {
    const { name = '', namespace = '', uid = '' } = pod.metadata;
    const spec = {
      ...(audience && { audiences: [audience] }),
      expirationSeconds,
      boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid },
    };
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec };
    const account = pod.spec.serviceAccountName || 'default';
    const calls = this.#client.of(serviceAccounts).in(namespace).subresource('token');
    const { status } = await calls.create<TokenAnswer>(account, body);
    if (!status?.token) throw new Error('the API server returned no token');
    const now = this.#clock.now();
    const expiresAtMs = status.expirationTimestamp
      ? parseTime(status.expirationTimestamp)
      : now + expirationSeconds * 1000;
    const jitterMs = this.#random.next() * 10_000;
    const refreshAtMs = Math.min(now + (expiresAtMs - now) * 0.8, now + maxAgeMs) - jitterMs;
    return { token: status.token, refreshAtMs: Math.max(refreshAtMs, now + 1000), expiresAtMs };
  }
}
