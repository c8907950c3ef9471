import type { Clock } from '#base';
import type { Store } from '#etcd';

const windowMs = 60_000;
const maxObjects = 1_000;

/**
 * Leases for objects that vanish after a time (events). Objects written within a minute share a lease, which lives that
 * minute longer: a lease of its own for each would cost more than the object (`storage/etcd3/lease_manager.go`).
 */
export class LeasePool {
  readonly #store: Pick<Store, 'leaseGrant'>;
  readonly #clock: Clock;
  readonly #ttlSeconds: number;
  #lease: Promise<bigint> | undefined;
  #until = 0;
  #used = 0;

  constructor({ store, clock, ttlSeconds }: { store: Pick<Store, 'leaseGrant'>; clock: Clock; ttlSeconds: number }) {
    this.#store = store;
    this.#clock = clock;
    this.#ttlSeconds = ttlSeconds;
  }

  /** The lease for an object written now. */
  take(): Promise<bigint> {
    const now = this.#clock.elapsed();
    if (!this.#lease || now >= this.#until || this.#used >= maxObjects) {
      this.#lease = this.#grant();
      this.#until = now + windowMs;
      this.#used = 0;
    }
    this.#used++;
    return this.#lease;
  }

  async #grant(): Promise<bigint> {
    try {
      const { id } = await this.#store.leaseGrant({ ttlSeconds: this.#ttlSeconds + windowMs / 1000 });
      return id;
    } catch (error) {
      this.#lease = undefined;
      throw error;
    }
  }
}
