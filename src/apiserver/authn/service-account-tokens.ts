import { decodeJwt, jwtVerify, type JWTPayload } from 'jose';
import type { Clock } from '#base';
import { unauthorized, type KubeObject } from '#machinery';
import type { UserInfo } from '../registry/rest.ts';
import type { ServiceAccountKey } from './service-account-key.ts';
import { readClaims, type ServiceAccountClaims } from './token-claims.ts';
import { serviceAccountGroups } from './users.ts';

/** Finds the live object that a token is bound to; undefined when there is none. */
export type FindObject = (plural: string, namespace: string, name: string) => Promise<KubeObject | undefined>;

interface Verified {
  payload: JWTPayload;
  claims: ServiceAccountClaims;
  user: UserInfo;
}

/** How many verified tokens are remembered: a kubelet shows the same one on every request. */
const remembered = 2000;

/**
 * Knows service accounts by their tokens (`pkg/serviceaccount/jwt.go`). A signature is checked once and remembered; that
 * the service account and what the token is bound to still live is looked up on every request.
 */
export class ServiceAccountTokens {
  readonly #key: ServiceAccountKey;
  readonly issuer: string;
  readonly #clock: Clock;
  readonly #find: FindObject;
  readonly #verified = new Map<string, Verified>();

  constructor(options: { key: ServiceAccountKey; issuer: string; clock: Clock; find: FindObject }) {
    this.#key = options.key;
    this.issuer = options.issuer;
    this.#clock = options.clock;
    this.#find = options.find;
  }

  /** Whether the token claims to be ours; others may know it otherwise. */
  isOurs(token: string): boolean {
    if (this.#verified.has(token)) return true;
    try {
      return decodeJwt(token).iss === this.issuer;
    } catch {
      return false;
    }
  }

  /** The service account and the audiences that matched. Throws Unauthorized. */
  async authenticate(token: string, audiences?: readonly string[]): Promise<{ user: UserInfo; audiences: string[] }> {
    const { payload, claims, user } = await this.#verify(token);
    const accepted = audiences && audiences.length > 0 ? audiences : [this.issuer];
    const matched = [payload.aud ?? []].flat().filter((audience) => accepted.includes(audience));
    if (matched.length === 0) throw unauthorized();
    const now = this.#clock.now() / 1000;
    if (payload.exp === undefined || payload.exp <= now || (payload.nbf ?? 0) > now + 1) throw unauthorized();
    if (!(await this.#lives(claims))) throw unauthorized();
    return { user, audiences: matched };
  }

  async #verify(token: string): Promise<Verified> {
    const known = this.#verified.get(token);
    if (known) return known;
    const verified = await this.#verifySignature(token);
    if (this.#verified.size >= remembered) this.#verified.delete(this.#verified.keys().next().value ?? '');
    this.#verified.set(token, verified);
    return verified;
  }

  async #verifySignature(token: string): Promise<Verified> {
    const { algorithm, publicKey } = this.#key;
    const options = { algorithms: [algorithm], issuer: this.issuer, currentDate: new Date(this.#clock.now()) };
    const payload = await jwtVerify(token, publicKey, options).then(
      (result) => result.payload,
      () => undefined,
    );
    const claims = readClaims(payload?.['kubernetes.io']);
    if (!payload || !claims) throw unauthorized();
    const subject = `system:serviceaccount:${claims.namespace}:${claims.serviceaccount.name}`;
    if (payload.sub !== subject) throw unauthorized();
    return { payload, claims, user: userOf(claims, payload) };
  }

  /** False when the service account, or the object that the token is bound to, has gone or is another of the same name. */
  async #lives({ namespace, serviceaccount, pod, secret, node }: ServiceAccountClaims): Promise<boolean> {
    const wanted: [string, string, { name: string; uid?: string } | undefined][] = [
      ['serviceaccounts', namespace, serviceaccount],
      ['secrets', namespace, secret],
      ['pods', namespace, pod],
      // A pod's token names its node for information; only a token bound to the node itself dies with it.
      ['nodes', '', pod ? undefined : node],
    ];
    for (const [plural, where, reference] of wanted) {
      if (!reference) continue;
      const object = await this.#find(plural, where, reference.name);
      if (!object || (reference.uid && object.metadata.uid !== reference.uid)) return false;
      if (isOverdue(object, this.#clock.now())) return false;
    }
    return true;
  }
}

/** Objects under deletion keep their tokens for a minute past their grace period. */
function isOverdue(object: KubeObject, nowMs: number): boolean {
  const { deletionTimestamp } = object.metadata;
  return deletionTimestamp !== undefined && nowMs > Date.parse(deletionTimestamp) + 60_000;
}

function userOf({ namespace, serviceaccount, pod, node }: ServiceAccountClaims, payload: JWTPayload): UserInfo {
  const prefix = 'authentication.kubernetes.io';
  const extra: Record<string, string[]> = {};
  if (payload.jti) extra[`${prefix}/credential-id`] = [`JTI=${payload.jti}`];
  if (node?.name) extra[`${prefix}/node-name`] = [node.name];
  if (node?.uid) extra[`${prefix}/node-uid`] = [node.uid];
  if (pod) {
    extra[`${prefix}/pod-name`] = [pod.name];
    extra[`${prefix}/pod-uid`] = [pod.uid];
  }
  return {
    name: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
    uid: serviceaccount.uid,
    groups: serviceAccountGroups(namespace),
    extra,
  };
}
