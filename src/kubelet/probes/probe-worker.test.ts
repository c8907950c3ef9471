import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '#base';
import type { Container, Pod, Probe } from '#api';
import type { ProbeKind } from './probe-state.ts';
import { ProbeWorker } from './probe-worker.ts';

interface Told {
  runsMs: number[];
  failures: number;
  verdictMs: number | undefined;
}

/** Probes a container that answers well from `healthyMs` on, for twenty seconds. */
async function probed(kind: ProbeKind, probe: Probe, healthyMs: number): Promise<Told> {
  const clock = new VirtualClock();
  const startMs = clock.now();
  const now = (): number => clock.now() - startMs;
  const told: Told = { runsMs: [], failures: 0, verdictMs: undefined };
  const worker = new ProbeWorker({
    pod: {} as Pod,
    container: {} as Container,
    kind,
    probe,
    clock,
    run: async () => {
      told.runsMs.push(now());
      return { outcome: now() >= healthyMs ? 'success' : 'failure', output: '' };
    },
    failed: () => told.failures++,
    changed: () => (told.verdictMs ??= now()),
  });
  const started = kind !== 'startup';
  worker.observe({ id: 'one', running: true, startedAtMs: startMs, started, podIp: '10.0.0.1' });
  for (let passedMs = 0; passedMs < 20_000; passedMs += 10) await clock.advance(10);
  worker.stop();
  return told;
}

const http = { httpGet: { port: 80 } };

test('a program that listens a moment after its first probe is found ready then, and only full runs count', async () => {
  const told = await probed('readiness', { ...http, periodSeconds: 10 }, 250);
  assert.deepEqual(told.runsMs.slice(0, 4), [0, 100, 300, 10_000]);
  assert.equal(told.verdictMs, 300);
  assert.equal(told.failures, 1);
});

test('the tries end with the first period, and failures between two runs are not told', async () => {
  const told = await probed('readiness', { ...http, periodSeconds: 2 }, 7000);
  assert.deepEqual(told.runsMs.slice(0, 9), [0, 100, 300, 700, 1500, 2000, 4000, 6000, 8000]);
  assert.equal(told.failures, 4);
});

test('a startup probe is tried in between, and its threshold counts runs', async () => {
  const told = await probed('startup', { ...http, periodSeconds: 1, failureThreshold: 2 }, 600);
  assert.equal(told.verdictMs, 700);
  const never = await probed('startup', { ...http, periodSeconds: 1, failureThreshold: 2 }, Infinity);
  assert.deepEqual([never.verdictMs, never.failures], [1000, 2]);
});

for (const [name, kind, probe] of [
  ['liveness', 'liveness', { ...http, periodSeconds: 5 }],
  ['a command', 'readiness', { exec: { command: ['ready'] }, periodSeconds: 5 }],
  ['more than one success', 'readiness', { ...http, periodSeconds: 5, successThreshold: 2 }],
] satisfies [string, ProbeKind, Probe][])
  test(`nothing is tried in between for ${name}`, async () => {
    const { runsMs } = await probed(kind, probe, 1000);
    assert.deepEqual(runsMs.slice(0, 3), [0, 5000, 10_000]);
  });

test('the first run waits for initialDelaySeconds', async () => {
  const told = await probed('readiness', { ...http, periodSeconds: 5, initialDelaySeconds: 3 }, 0);
  assert.deepEqual(told.runsMs.slice(0, 3), [3000, 8000, 13_000]);
});
