import type { UserInfo } from '../registry/rest.ts';
import { CounterFamily, HistogramFamily } from './series.ts';

const [minute, hour, day] = [60, 3600, 86_400];
const lifetimes = [0, 30 * minute, hour, 2 * hour, 6 * hour, 12 * hour, day, 2 * day, 4 * day, 7 * day].concat(
  [30, 90, 180, 360, 720].map((days) => days * day),
);

/** Names that are told as they are: any other would make a series of its own for each client. */
const namedUsers = new Set(['admin', 'client', 'kube_proxy', 'kubelet', 'system:serviceaccount:kube-system:default']);

/** Who was let in, and who was not (`endpoints/filters/metrics.go`, `authentication/request/x509`, `server/filters`). */
export class AccessMetrics {
  readonly #users = new CounterFamily({
    name: 'authenticated_user_requests',
    help: 'Counter of authenticated requests broken out by username.',
  });
  readonly #authentications = new CounterFamily({
    name: 'authentication_attempts',
    help: 'Counter of authenticated attempts.',
  });
  readonly #authorizations = new CounterFamily({
    name: 'authorization_attempts_total',
    help: "Counter of authorization attempts broken down by result. It can be either 'allowed', 'denied', 'no-opinion' or 'error'.",
  });
  readonly #handshakes = new CounterFamily({
    name: 'apiserver_tls_handshake_errors_total',
    help: "Number of requests dropped with 'TLS handshake error from' error",
  });
  readonly #certificates = new HistogramFamily({
    name: 'apiserver_client_certificate_expiration_seconds',
    help: 'Distribution of the remaining lifetime on the certificate used to authenticate a request.',
    bounds: lifetimes,
  });
  readonly #lifetimes = this.#certificates.series('', () => ({}));
  readonly #allowed = this.#authorizations.series('allowed', () => ({ result: 'allowed' }));
  readonly #denied = this.#authorizations.series('no-opinion', () => ({ result: 'no-opinion' }));
  readonly #known = this.#authentications.series('success', () => ({ result: 'success' }));
  readonly #unknown = this.#authentications.series('error', () => ({ result: 'error' }));
  readonly #failedHandshakes = this.#handshakes.series('', () => ({}));

  authenticated({ name }: UserInfo): void {
    this.#known.add();
    const username = namedUsers.has(name) ? name : 'other';
    this.#users.add(username, () => ({ username }));
  }

  /** Credentials that are not good. */
  refused(): void {
    this.#unknown.add();
  }

  authorized(isAllowed: boolean): void {
    (isAllowed ? this.#allowed : this.#denied).add();
  }

  /** Somebody came with a certificate that is good for so long. */
  certificate(secondsLeft: number): void {
    this.#lifetimes.observe(Math.max(0, secondsLeft));
  }

  handshakeFailed(): void {
    this.#failedHandshakes.add();
  }

  text(): string {
    const families = [this.#users, this.#authentications, this.#authorizations, this.#handshakes, this.#certificates];
    return families.map((family) => family.text()).join('\n');
  }
}
