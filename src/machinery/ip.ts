import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Addresses and ranges as Kubernetes' newer fields want them (`apimachinery/pkg/util/validation/ip.go`): valid, without
 * anything that other programs read differently, and in the one form that Go writes. Each check returns what is wrong.
 */

const notIp = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** An address in canonical form. */
export function isCanonicalIp(text: string): string[] {
  const plain = withoutLeadingZeros(text);
  if (isIP(plain) === 0) return [notIp];
  if (plain !== text) return ['must not have leading 0s'];
  if (isMapped(text)) return ['must not be an IPv4-mapped IPv6 address'];
  const canonical = ipaddr.parse(text).toString();
  return text === canonical ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** A range in canonical form, as in `192.168.1.0/24`. */
export function isCanonicalCidr(text: string): string[] {
  const [address = '', length = '', ...more] = text.split('/');
  const plain = withoutLeadingZeros(address);
  const family = isIP(plain);
  const bits = Number(length);
  if (family === 0 || more.length > 0 || !/^\d+$/.test(length) || bits > (family === 4 ? 32 : 128)) return [notCidr];
  if (plain !== address || String(bits) !== length) return ['must not have leading 0s in IP or prefix length'];
  if (isMapped(address)) return ['must not have an IPv4-mapped IPv6 address'];
  const network = networkOf(plain, bits);
  if (ipaddr.parse(address).toString() !== network) return ['must not have bits set beyond the prefix length'];
  const canonical = `${network}/${bits}`;
  return text === canonical ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** Go once read `010.0.0.1` as 10.0.0.1; others read it as octal. */
function withoutLeadingZeros(text: string): string {
  return /^[\d.]+$/.test(text) ? text.replace(/\b0+(?=\d)/g, '') : text;
}

function isMapped(text: string): boolean {
  const address = ipaddr.parse(text);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
}

/** The first address of the range that an address is in. */
function networkOf(address: string, bits: number): string {
  const bytes = ipaddr.parse(address).toByteArray();
  const masked = bytes.map((byte, at) => byte & (0xff << Math.max(0, Math.min(8, 8 - (bits - at * 8)))) & 0xff);
  return ipaddr.fromByteArray(masked).toString();
}
