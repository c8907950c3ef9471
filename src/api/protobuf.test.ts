/** What goes through protobuf comes back, of every type: golden files (`golden.test.ts`) are there for some only. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { decode, decodeProtobuf, encodeProtobuf } from '#machinery';
import { packages } from './index.ts';
import { arbitraryObject } from './testing/arbitrary-object.ts';

for (const { name, messages } of packages) {
  test(`every type of ${name} comes back from protobuf as it went in`, () => {
    for (const message of messages) {
      fc.assert(
        fc.property(arbitraryObject(message), (value) => {
          const { object } = decode(message, value);
          assert.deepEqual(decodeProtobuf(message, encodeProtobuf(message, object)), object, message.name);
        }),
        { numRuns: 10, seed: 1, endOnFailure: true },
      );
    }
  });
}
