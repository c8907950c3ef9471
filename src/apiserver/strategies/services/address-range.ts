import ipaddr from 'ipaddr.js';
import { randomInt, type Random } from '#base';
import { lowerBandOf } from './bands.ts';

export type Family = 'IPv4' | 'IPv6';

/** Of larger ranges only the beginning is given out to those who name no address. */
const maxAddresses = 2 ** 20;

export function familyOf(ip: string): Family {
  return ip.includes(':') ? 'IPv6' : 'IPv4';
}

/** The addresses that a CIDR holds for Services (`ipallocator/ipallocator.go`). Who has which is written elsewhere. */
export class AddressRange {
  readonly cidr: string;
  readonly family: Family;
  readonly #base: bigint;
  readonly #size: bigint;

  constructor(cidr: string) {
    const [address, bits] = ipaddr.parseCIDR(cidr);
    const width = address.toByteArray().length * 8;
    this.cidr = cidr;
    this.family = address.kind() === 'ipv4' ? 'IPv4' : 'IPv6';
    const all = 1n << BigInt(width - bits);
    // The network's own address is not given out, nor is IPv4's broadcast address.
    this.#base = (toNumber(address) & ~(all - 1n)) + 1n;
    this.#size = all - (this.family === 'IPv4' ? 2n : 1n);
  }

  /** The network's own address. */
  get network(): string {
    return this.#format(-1n);
  }

  /** The first address, which is the `kubernetes` Service's. */
  get first(): string {
    return this.#format(0n);
  }

  /** Whether this is an address that a Service may have. */
  contains(ip: string): boolean {
    if (!ipaddr.isValid(ip) || familyOf(ip) !== this.family) return false;
    const offset = toNumber(ipaddr.parse(ip)) - this.#base;
    return offset >= 0n && offset < this.#size;
  }

  /**
   * The addresses in the order in which they are tried: from random places on, those of the upper band first, so that the
   * lower one stays free for who names an address (KEP-3070).
   */
  *inOrder(random: Random): Generator<string> {
    const size = this.#size < BigInt(maxAddresses) ? Number(this.#size) : maxAddresses;
    const lowerBand = lowerBandOf(size, { min: 16, max: 256 });
    yield* this.#from(lowerBand, size, random);
    yield* this.#from(0, lowerBand, random);
  }

  *#from(start: number, end: number, random: Random): Generator<string> {
    const count = end - start;
    if (count <= 0) return;
    const skipped = randomInt(random, count);
    for (let step = 0; step < count; step += 1) yield this.#format(BigInt(start + ((skipped + step) % count)));
  }

  #format(offset: bigint): string {
    const width = this.family === 'IPv4' ? 4 : 16;
    const hex = (this.#base + offset).toString(16).padStart(width * 2, '0');
    return ipaddr.fromByteArray([...Buffer.from(hex, 'hex')]).toString();
  }
}

function toNumber(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return BigInt(`0x${Buffer.from(address.toByteArray()).toString('hex')}`);
}
