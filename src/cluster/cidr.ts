import { isIPv4 } from 'node:net';

export interface Cidr {
  /** The first address as a number. */
  base: number;
  prefix: number;
}

/** Reads `10.0.0.0/16`; throws naming the option when it is not that. */
export function parseCidr(option: string, text: string): Cidr {
  const [, address = '', prefixText = ''] = /^([\d.]+)\/(\d+)$/.exec(text) ?? [];
  const prefix = Number(prefixText);
  const base = toNumber(address);
  if (!isIPv4(address) || prefix < 8 || prefix > 30 || base % 2 ** (32 - prefix) !== 0)
    throw new Error(`${option} takes a network such as 10.244.0.0/16, not "${text}"`);
  return { base, prefix };
}

/** The address at an offset into a network, as text. */
export function addressAt(cidr: Cidr, offset: number): string {
  const value = cidr.base + offset;
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + 2 ** (32 - b.prefix) && b.base < a.base + 2 ** (32 - a.prefix);
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
