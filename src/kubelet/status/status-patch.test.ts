import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodStatus } from '#api';
import { sameJson, statusPatch } from './status-patch.ts';

test('what is empty says the same as what is absent', () => {
  assert.ok(sameJson({ a: null, b: [], c: {}, d: '' }, {}));
  assert.ok(sameJson([{ a: 1 }], [{ a: 1, lastProbeTime: null }]));
  assert.ok(!sameJson({ a: 0 }, {}));
  assert.ok(!sameJson({ a: false }, {}));
  assert.ok(!sameJson([1, 2], [1]));
});

test('a patch holds what changed, and nothing of others', () => {
  const before: PodStatus = {
    phase: 'Pending',
    message: 'old',
    podIPs: [{ ip: '10.0.0.1' }],
    conditions: [
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: 'wait' },
      { type: 'example.com/mine', status: 'True' },
    ],
  };
  const after: PodStatus = {
    phase: 'Running',
    podIPs: [{ ip: '10.0.0.2' }],
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'example.com/mine', status: 'False' },
    ],
  };
  assert.deepEqual(statusPatch(before, after), {
    phase: 'Running',
    message: null,
    podIPs: [{ ip: '10.0.0.2' }, { ip: '10.0.0.1', $patch: 'delete' }],
    conditions: [{ type: 'Ready', status: 'True', reason: null, message: null }],
  });
  assert.equal(statusPatch(after, after), undefined);
});
