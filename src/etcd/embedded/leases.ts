import type { Clock, Timer } from '#base';
import { EtcdError } from '../errors.ts';
import type { KeyString } from './keys.ts';

interface Lease {
  id: bigint;
  ttlSeconds: number;
  expiresAtMs: number;
  keys: Set<KeyString>;
  timer: Timer;
}

/** The longest lease that etcd grants, in seconds (`lease.MaxLeaseTTL`). */
export const maxTtlSeconds = 9_000_000_000;
/** etcd raises shorter leases to its election timeout and a half, in whole seconds (`etcdserver/server.go`, `minTTL`). */
const minTtlSeconds = 2;

/** The leases that live, the keys that hang on them, and the timers that end them. */
export class Leases {
  readonly #clock: Clock;
  readonly #onExpired: (id: bigint) => void;
  readonly #leases = new Map<bigint, Lease>();

  constructor(options: { clock: Clock; onExpired: (id: bigint) => void }) {
    this.#clock = options.clock;
    this.#onExpired = options.onExpired;
  }

  /** Adds a lease with its whole time ahead; returns the seconds it got. */
  grant(id: bigint, wantedSeconds: number): number {
    if (wantedSeconds > maxTtlSeconds) throw new EtcdError('ErrLeaseTTLTooLarge');
    if (this.#leases.has(id)) throw new EtcdError('ErrLeaseExist');
    const ttlSeconds = Math.max(minTtlSeconds, wantedSeconds);
    const expiresAtMs = this.#clock.elapsed() + ttlSeconds * 1000;
    this.#leases.set(id, { id, ttlSeconds, expiresAtMs, keys: new Set(), timer: this.#arm(id, ttlSeconds * 1000) });
    return ttlSeconds;
  }

  has(id: bigint): boolean {
    return this.#leases.has(id);
  }

  get(id: bigint): Omit<Lease, 'timer'> {
    const lease = this.#leases.get(id);
    if (!lease) throw new EtcdError('ErrLeaseNotFound');
    return lease;
  }

  get isEmpty(): boolean {
    return this.#leases.size === 0;
  }

  ids(): bigint[] {
    return [...this.#leases.keys()];
  }

  /** Whole seconds, as etcd tells them. */
  secondsLeft(id: bigint): number {
    return Math.max(0, Math.floor((this.get(id).expiresAtMs - this.#clock.elapsed()) / 1000));
  }

  /** Starts the time of a lease anew; returns its seconds. */
  renew(id: bigint): number {
    const lease = this.#leases.get(id);
    if (!lease) throw new EtcdError('ErrLeaseNotFound');
    lease.timer.cancel();
    lease.expiresAtMs = this.#clock.elapsed() + lease.ttlSeconds * 1000;
    lease.timer = this.#arm(id, lease.ttlSeconds * 1000);
    return lease.ttlSeconds;
  }

  remove(id: bigint): void {
    this.#leases.get(id)?.timer.cancel();
    this.#leases.delete(id);
  }

  /** A key moves from one lease to another; 0n is none. */
  move(key: KeyString, from: bigint, to: bigint): void {
    if (from === to) return;
    this.#leases.get(from)?.keys.delete(key);
    this.#leases.get(to)?.keys.add(key);
  }

  close(): void {
    for (const lease of this.#leases.values()) lease.timer.cancel();
    this.#leases.clear();
  }

  #arm(id: bigint, ms: number): Timer {
    return this.#clock.timer(ms, () => this.#expire(id));
  }

  /** A timer cannot be longer than some weeks: a lease that is not due yet is armed again. */
  #expire(id: bigint): void {
    const lease = this.#leases.get(id);
    if (!lease) return;
    const left = lease.expiresAtMs - this.#clock.elapsed();
    if (left > 0) lease.timer = this.#arm(id, left);
    else this.#onExpired(id);
  }
}
