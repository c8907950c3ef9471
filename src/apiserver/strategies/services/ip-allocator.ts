import ipaddr from 'ipaddr.js';
import type { Random } from '#base';
import { BandAllocator, lowerBandOf } from './band-allocator.ts';

/** Larger ranges are used in part: nobody has that many services. */
const maxAddresses = 2 ** 20;

/** The cluster IPs of Services, out of one CIDR. */
export class IpAllocator {
  readonly cidr: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly #base: bigint;
  readonly #size: number;
  readonly #band: BandAllocator;

  constructor(cidr: string, random: Random) {
    const [address, bits] = ipaddr.parseCIDR(cidr);
    const width = address.toByteArray().length * 8;
    this.cidr = cidr;
    this.family = address.kind() === 'ipv4' ? 'IPv4' : 'IPv6';
    const all = 2 ** Math.min(width - bits, 32);
    // The network's own address is not given out, nor is IPv4's broadcast address.
    const network = toNumber(address) & ~((1n << BigInt(width - bits)) - 1n);
    this.#base = network + 1n;
    this.#size = Math.min(all - (this.family === 'IPv4' ? 2 : 1), maxAddresses);
    const lowerBand = lowerBandOf(this.#size, { min: 16, max: 256 });
    this.#band = new BandAllocator({ size: this.#size, lowerBand, random });
  }

  /** Takes an address that a client named; the words say why it cannot be had. */
  take(ip: string): string | undefined {
    const offset = this.#offsetOf(ip);
    if (offset === undefined) {
      return `provided IP is not in the valid range. The range of valid IPs is ${this.cidr}`;
    }
    return this.#band.take(offset) ? undefined : 'provided IP is already allocated';
  }

  /** A free address; undefined when the range is full. */
  takeAny(): string | undefined {
    const offset = this.#band.takeAny();
    return offset === undefined ? undefined : this.#format(offset);
  }

  release(ip: string): void {
    const offset = this.#offsetOf(ip);
    if (offset !== undefined) this.#band.release(offset);
  }

  /** The first address, which is the `kubernetes` Service's. */
  get first(): string {
    return this.#format(0);
  }

  #offsetOf(ip: string): number | undefined {
    if (!ipaddr.isValid(ip)) return undefined;
    const address = ipaddr.parse(ip);
    if ((address.kind() === 'ipv4' ? 'IPv4' : 'IPv6') !== this.family) return undefined;
    const offset = toNumber(address) - this.#base;
    return offset >= 0n && offset < BigInt(this.#size) ? Number(offset) : undefined;
  }

  #format(offset: number): string {
    const width = this.family === 'IPv4' ? 4 : 16;
    const hex = (this.#base + BigInt(offset)).toString(16).padStart(width * 2, '0');
    return ipaddr.fromByteArray([...Buffer.from(hex, 'hex')]).toString();
  }
}

function toNumber(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return BigInt(`0x${Buffer.from(address.toByteArray()).toString('hex')}`);
}
