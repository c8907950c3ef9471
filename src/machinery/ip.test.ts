import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCanonicalCidr, isCanonicalIp } from './index.ts';

test('an address has one form only', () => {
  const cases: [string, string[]][] = [
    ['10.0.0.1', []],
    ['2001:db8::1', []],
    ['10.0.0', ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['10.0.0.01', ['must not have leading 0s']],
    ['::ffff:10.0.0.1', ['must not be an IPv4-mapped IPv6 address']],
    ['2001:DB8::1', ['must be in canonical form ("2001:db8::1")']],
    ['2001:db8:0:0:0:0:0:1', ['must be in canonical form ("2001:db8::1")']],
  ];
  for (const [text, wrong] of cases) assert.deepEqual(isCanonicalIp(text), wrong, text);
});

test('a range has one form only', () => {
  const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
  const cases: [string, string[]][] = [
    ['10.0.0.0/8', []],
    ['10.0.0.0/32', []],
    ['0.0.0.0/0', []],
    ['2001:db8::/64', []],
    ['2001:db8::/61', []],
    ['10.0.0.0', [notCidr]],
    ['10.0.0.0/33', [notCidr]],
    ['10.0.0.0/8/8', [notCidr]],
    ['10.0.0.0/08', ['must not have leading 0s in IP or prefix length']],
    ['::ffff:10.0.0.0/104', ['must not have an IPv4-mapped IPv6 address']],
    ['10.0.0.1/8', ['must not have bits set beyond the prefix length']],
    ['2001:db8::1/64', ['must not have bits set beyond the prefix length']],
    ['2001:DB8::/64', ['must be in canonical form ("2001:db8::/64")']],
  ];
  for (const [text, wrong] of cases) assert.deepEqual(isCanonicalCidr(text), wrong, text);
});
