import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Heap } from './heap.ts';

interface Item {
  key: string;
  rank: number;
}

const step = fc.oneof(
  fc.record({
    do: fc.constant('push' as const),
    key: fc.integer({ max: 20, min: 0 }),
    rank: fc.integer({ max: 9, min: 0 }),
  }),
  fc.record({ do: fc.constant('remove' as const), key: fc.integer({ max: 20, min: 0 }) }),
  fc.record({ do: fc.constant('pop' as const) }),
);

test('a heap is a sorted list with replacement and removal by key', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new Heap<Item>((a, b) => a.rank < b.rank || (a.rank === b.rank && a.key < b.key));
      const model = new Map<string, Item>();
      const first = () => [...model.values()].sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1))[0];
      for (const one of steps) {
        if (one.do === 'push') {
          const item = { key: String(one.key), rank: one.rank };
          heap.push(item);
          model.set(item.key, item);
        } else if (one.do === 'remove') {
          assert.deepEqual(heap.remove(String(one.key)), model.get(String(one.key)));
          model.delete(String(one.key));
        } else {
          const expected = first();
          assert.deepEqual(heap.pop(), expected);
          if (expected) model.delete(expected.key);
        }
        assert.equal(heap.size, model.size);
        assert.deepEqual(heap.peek(), first());
        for (let key = 0; key <= 20; key++) assert.deepEqual(heap.get(String(key)), model.get(String(key)));
      }
    }),
    { numRuns: 200 },
  );
});
