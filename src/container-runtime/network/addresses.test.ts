import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatAddress, gatewayOf, hardwareAddress, nextAddress, parseAddress, parseNetwork } from './addresses.ts';

test('networks are read, addresses written', () => {
  assert.deepEqual(parseNetwork('10.244.1.77/24'), { base: parseAddress('10.244.1.0'), prefix: 24 });
  assert.equal(gatewayOf(parseNetwork('192.168.0.0/16')), '192.168.0.1');
  assert.equal(hardwareAddress('10.244.1.2'), '0a:58:0a:f4:01:02');
  for (const text of ['', '10.0.0.0', '10.0.0.0/31', '300.0.0.0/8', '::/64'])
    assert.throws(() => parseNetwork(text), RangeError);
  fc.assert(fc.property(fc.ipV4(), (address) => formatAddress(parseAddress(address)) === address));
});

test('every address is given once before any is given again, and none that is not a pod’s', () => {
  fc.assert(
    fc.property(fc.integer({ min: 24, max: 30 }), fc.nat(), (prefix, skip) => {
      const network = parseNetwork(`10.9.8.0/${prefix}`);
      const count = 2 ** (32 - prefix) - 3;
      const taken = new Set<string>();
      let last: string | undefined = formatAddress(network.base + 2 + (skip % count));
      for (let given = 0; given < count; given++) {
        const address: string | undefined = nextAddress(network, taken, last);
        assert.ok(address && !taken.has(address) && address !== gatewayOf(network));
        const offset = parseAddress(address) - network.base;
        assert.ok(offset >= 2 && offset < 2 ** (32 - prefix) - 1);
        taken.add((last = address));
      }
      assert.equal(nextAddress(network, taken, last), undefined);
    }),
  );
});
