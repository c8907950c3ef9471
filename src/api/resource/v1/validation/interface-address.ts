import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { FieldErrors, FieldPath } from '#machinery';

const invalid = 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)';

/** An address with the length of its network's prefix, as in `192.168.1.5/24` (`IsValidInterfaceAddress`). */
export function validateInterfaceAddress(text: string, errors: FieldErrors, path: FieldPath): void {
  const [address = '', length = '', ...more] = text.split('/');
  const max = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || more.length > 0 || !/^\d{1,3}$/.test(length) || Number(length) > max) {
    return errors.invalid(path, text, invalid);
  }
  const canonical = `${ipaddr.parse(address).toString()}/${Number(length)}`;
  if (text !== canonical) errors.invalid(path, text, `must be in canonical form (${JSON.stringify(canonical)})`);
}
