import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMaps, pods, resourceQuotas } from '#api';
import { Story } from '../story.ts';

const namespace = 'default';

function pod(name: string, cpu: string): object {
  return {
    metadata: { name, namespace },
    spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }] },
    status: { phase: 'Running' },
  };
}

test('a new quota is counted, and again when something goes or ends', async () => {
  await using story = new Story();
  const { transport } = story;
  transport.seed(pods, pod('a', '500m'), pod('b', '1'));
  const hard = { pods: '5', 'requests.cpu': '4', 'count/configmaps': '1', 'count/widgets.example.com': '1' };
  transport.seed(resourceQuotas, { metadata: { name: 'q', namespace }, spec: { hard } });
  const used = (): unknown => transport.object(resourceQuotas, 'default/q')?.status.used;
  await story.until('it is counted', () => used() !== undefined);
  assert.deepEqual(used(), { pods: '2', 'requests.cpu': '1500m', 'count/configmaps': '0' });
  assert.deepEqual(transport.object(resourceQuotas, 'default/q')?.status.hard, hard);
  transport.change(pods, 'default/b', ({ status }) => void (status.phase = 'Succeeded'));
  await story.until('the end is seen', () => (used() as { pods?: string }).pods === '1');
  transport.remove(pods, 'default/a');
  await story.until('the loss is seen', () => (used() as { pods?: string }).pods === '0');
});

test('limits that change are counted, and everything from time to time', async () => {
  await using story = new Story();
  const { transport } = story;
  transport.seed(resourceQuotas, { metadata: { name: 'q', namespace }, spec: { hard: { pods: '5' } } });
  const status = (): { hard?: object; used?: object } => transport.object(resourceQuotas, 'default/q')?.status ?? {};
  await story.until('it is counted', () => status().used !== undefined);
  transport.change(resourceQuotas, 'default/q', ({ spec }) => void (spec.hard = { 'count/configmaps': '3' }));
  await story.until('the new limits count', () => 'count/configmaps' in (status().hard ?? {}));
  assert.deepEqual(status().used, { 'count/configmaps': '0' });
  // Nobody charged this one.
  transport.seed(configMaps, { metadata: { name: 'm', namespace } });
  await story.clock.advance(301_000);
  await story.until('it is found', () => (status().used as Record<string, string>)['count/configmaps'] === '1', 5);
});
