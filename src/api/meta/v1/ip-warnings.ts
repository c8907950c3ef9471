import { isIPv6 } from 'node:net';
import type { FieldPath, Warnings } from '#machinery';

/** An IPv6 address that could be shorter (`GetWarningsForIP`); what is no address at all is told of by others. */
export function warnOfIp(ip: string, warnings: Warnings, path: FieldPath): void {
  if (!isIPv6(ip)) return;
  const canonical = canonicalIpv6(ip);
  if (canonical === ip) return;
  const why = `IPv6 address ${JSON.stringify(ip)} should be in RFC 5952 canonical format (${JSON.stringify(canonical)})`;
  warnings.at(path, why);
}

/** A range of IPv6 addresses that could be shorter (`GetWarningsForCIDR`). */
export function warnOfCidr(cidr: string, warnings: Warnings, path: FieldPath): void {
  const [ip = '', length = ''] = cidr.split('/');
  if (!isIPv6(ip)) return;
  const canonical = `${canonicalIpv6(ip)}/${length}`;
  if (canonical === cidr) return;
  const told = `(${JSON.stringify(canonical)})`;
  warnings.at(path, `IPv6 CIDR value ${JSON.stringify(cidr)} should be in RFC 5952 canonical format ${told}`);
}

function canonicalIpv6(ip: string): string {
  // What has an IPv4 address in it is another matter.
  return ip.includes('.') ? ip : new URL(`http://[${ip}]/`).hostname.slice(1, -1);
}
