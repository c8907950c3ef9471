import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '#base';
import { RpcError } from '#wire';
import { PrefixTransformers } from './prefix-transformers.ts';
import { identity } from './identity.ts';
import { TransformationMetrics } from './transformation-metrics.ts';
import type { Transformer } from './transformer.ts';

const context = Buffer.from('/registry/secrets/default/a');
const operations = (metrics: TransformationMetrics): string[] =>
  [...metrics.text().matchAll(/^apiserver_storage_transformation_operations_total\{(.*)\} (\d+)$/gm)].map(
    ([, labels = '', count = '']) =>
      `${[...labels.matchAll(/"([^"]*)"/g)].map(([, value]) => value).join(' | ')}: ${count}`,
  );

/** Takes 15 µs, and cannot open what is no value of its own. */
function slow(clock: VirtualClock): Transformer {
  return {
    fromStorage: async (data) => {
      await clock.advance(0.015);
      if (data.toString() === 'bad') throw new Error('it does not open');
      if (data.toString() === 'away') {
        const cause = new RpcError('Unavailable', 'gone');
        throw new Error('rpc error: code = Unavailable desc = gone', { cause });
      }
      return { value: data, stale: false };
    },
    toStorage: async (value) => value,
  };
}

test('what is done to values is counted by resource, direction, prefix and what went wrong, and timed when it went well', async () => {
  const clock = new VirtualClock();
  const metrics = new TransformationMetrics(clock);
  const transformers = [
    { prefix: Buffer.from('k8s:enc:one:'), transformer: slow(clock) },
    { prefix: Buffer.alloc(0), transformer: identity },
  ];
  const rule = new PrefixTransformers('no matching prefix found', transformers, metrics);
  await rule.toStorage(Buffer.from('value'), context, 'secrets');
  await rule.fromStorage(Buffer.from('k8s:enc:one:value'), context, 'secrets');
  await rule.fromStorage(Buffer.from('plain'), context, 'secrets');
  await assert.rejects(rule.fromStorage(Buffer.from('k8s:enc:one:bad'), context, 'secrets'));
  await assert.rejects(rule.fromStorage(Buffer.from('k8s:enc:one:away'), context, 'secrets'));
  await assert.rejects(rule.fromStorage(Buffer.from('k8s:enc:two:value'), context, 'deployments.apps'));
  assert.deepEqual(operations(metrics), [
    'secrets | to_storage | k8s:enc:one: | OK: 1',
    'secrets | from_storage | k8s:enc:one: | OK: 1',
    'secrets | from_storage | identity | OK: 1',
    'secrets | from_storage | k8s:enc:one: | unknown-non-grpc: 1',
    'secrets | from_storage | k8s:enc:one: | Unavailable: 1',
    'deployments.apps | from_storage | unknown | unknown-non-grpc: 1',
  ]);
  const ofOne = 'transformation_type="from_storage",transformer_prefix="k8s:enc:one:"';
  const text = metrics.text();
  assert.ok(text.includes(`apiserver_storage_transformation_duration_seconds_count{${ofOne}} 1\n`), text);
  assert.ok(text.includes(`apiserver_storage_transformation_duration_seconds_bucket{${ofOne},le="0.00001"} 0\n`), text);
  assert.ok(text.includes(`apiserver_storage_transformation_duration_seconds_bucket{${ofOne},le="0.00002"} 1\n`), text);
});
