import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile, summarize } from './statistics.ts';

const oneTo = (n: number): number[] => Array.from({ length: n }, (_, at) => at + 1);

test('the median lies in the middle, between the two middle samples when their number is even', () => {
  assert.equal(percentile([1, 2, 9], 50), 2);
  assert.equal(percentile([1, 2, 4, 9], 50), 3);
});

test('few samples are told with the worst of them, many with the 99th percentile', () => {
  assert.deepEqual(summarize([3, 1, 2], 'less'), { runs: 3, median: 2, tail: 3, tailIs: 'max' });
  assert.deepEqual(summarize([3, 1, 2], 'more'), { runs: 3, median: 2, tail: 1, tailIs: 'min' });
  assert.deepEqual(summarize(oneTo(101), 'less'), { runs: 101, median: 51, tail: 100, tailIs: 'p99' });
  assert.deepEqual(summarize(oneTo(101), 'more'), { runs: 101, median: 51, tail: 2, tailIs: 'p99' });
});

test('no samples are an error and not a number', () => {
  assert.throws(() => summarize([], 'less'), /nothing was measured/);
});
