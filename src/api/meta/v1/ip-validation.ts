import { BlockList, isIP, isIPv4 } from 'node:net';
import type { FieldErrors, FieldPath } from '#machinery';

const notIp = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** An address of either family; false when it is none. */
export function validateIp(text: string, errors: FieldErrors, path: FieldPath): boolean {
  if (isIP(text) !== 0) return true;
  errors.invalid(path, text, notIp);
  return false;
}

/** A range of addresses; false when it is none. */
export function validateCidr(text: string, errors: FieldErrors, path: FieldPath): boolean {
  const [ip = '', length = ''] = text.split('/');
  const max = isIPv4(ip) ? 32 : 128;
  if (isIP(ip) !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= max && text.split('/').length === 2) return true;
  errors.invalid(path, text, notCidr);
  return false;
}

const special = [
  { why: 'may not be in the loopback range (127.0.0.0/8, ::1/128)', ranges: ['127.0.0.0/8', '::1/128'] },
  { why: 'may not be in the link-local range (169.254.0.0/16, fe80::/10)', ranges: ['169.254.0.0/16', 'fe80::/10'] },
  {
    why: 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    ranges: ['224.0.0.0/24', 'ff02::/16'],
  },
].map(({ why, ranges }) => ({ why, list: blockListOf(ranges) }));

/** An address that traffic can be sent to from anywhere: no loopback, no link (`ValidateNonSpecialIP`). */
export function validateReachableIp(ip: string, errors: FieldErrors, path: FieldPath): void {
  if (isIP(ip) === 0) return errors.invalid(path, ip, 'must be a valid IP address');
  if (ip === '0.0.0.0' || /^[0:]+$/.test(ip)) errors.invalid(path, ip, `may not be unspecified (${ip})`);
  const family = isIPv4(ip) ? 'ipv4' : 'ipv6';
  for (const { why, list } of special) if (list.check(ip, family)) errors.invalid(path, ip, why);
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), isIPv4(net) ? 'ipv4' : 'ipv6');
  }
  return list;
}
