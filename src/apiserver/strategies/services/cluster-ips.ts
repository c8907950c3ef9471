import type { Service, ServiceCIDR } from '#api';
import type { Random } from '#base';
import { internalError } from '#machinery';
import type { AddressBook } from './address-book.ts';
import { AddressRange, type Family } from './address-range.ts';

/** Gives out cluster IPs, of all ranges that are ready (`ipallocator/cidrallocator.go`). */
export class ClusterIps {
  readonly #book: AddressBook;
  readonly #random: Random;
  readonly #known = new Map<string, AddressRange>();

  constructor({ book, random }: { book: AddressBook; random: Random }) {
    this.#book = book;
    this.#random = random;
  }

  /** Takes an address that a client named; the words say why it cannot be had. */
  async take(ip: string, service: Service, dryRun: boolean): Promise<string | undefined> {
    if (!this.#ranges().some((range) => range.contains(ip))) {
      return 'the provided network does not match the current range';
    }
    // Whether it is free is not asked in a dry run.
    if (dryRun || (await this.#book.take(ip, service))) return undefined;
    return 'provided IP is already allocated';
  }

  /** A free address; in a dry run only one that looks like it. Throws StatusError when there is none. */
  async takeAny(family: Family, service: Service, dryRun: boolean): Promise<string> {
    for (const range of this.#ranges().filter((one) => one.family === family)) {
      if (dryRun) return range.network;
      for (const ip of range.inOrder(this.#random)) {
        if (!this.#book.isTaken(ip) && (await this.#book.take(ip, service))) return ip;
      }
    }
    throw internalError('failed to allocate a serviceIP: range is full');
  }

  /** Whether any range has the address, ready or not. */
  isInRange(ip: string): boolean {
    return this.#book.ranges().some(({ spec }) => (spec.cidrs ?? []).some((cidr) => this.#rangeOf(cidr).contains(ip)));
  }

  #ranges(): AddressRange[] {
    const ready = this.#book.ranges().filter(isReady);
    const cidrs = new Set(ready.flatMap(({ spec }) => spec.cidrs ?? []));
    return [...cidrs].map((cidr) => this.#rangeOf(cidr));
  }

  #rangeOf(cidr: string): AddressRange {
    let range = this.#known.get(cidr);
    if (!range) this.#known.set(cidr, (range = new AddressRange(cidr)));
    return range;
  }
}

/** A range of which nobody says that it is not ready is: the controller that would may not be running. */
function isReady({ metadata, status }: ServiceCIDR): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return !ready || ready.status === 'True';
}
