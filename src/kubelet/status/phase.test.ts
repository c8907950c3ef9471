import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerStatus, Pod } from '#api';
import { podConditions } from './conditions.ts';
import { podPhase } from './phase.ts';

interface Case {
  name: string;
  policy?: Pod['spec']['restartPolicy'];
  /** `*` marks a sidecar. */
  init?: Record<string, string>;
  /** `running`, `waiting`, `exit0`, `exit1`, `crashed` (waiting after an end), `none`. */
  main: Record<string, string>;
  terminal?: boolean;
  wanted: string;
  /** Ready, and why not. */
  ready?: string;
}

const cases: Case[] = [
  {
    name: 'nothing known',
    main: { a: 'none' },
    wanted: 'Pending',
    ready: 'ContainersNotReady: containers with unknown status: [a]',
  },
  {
    name: 'waiting',
    main: { a: 'waiting' },
    wanted: 'Pending',
    ready: 'ContainersNotReady: containers with unready status: [a]',
  },
  { name: 'one of two waits', main: { a: 'running', b: 'waiting' }, wanted: 'Pending' },
  { name: 'running', main: { a: 'running', b: 'running' }, wanted: 'Running', ready: 'True' },
  {
    name: 'one crashed',
    main: { a: 'running', b: 'crashed' },
    wanted: 'Running',
    ready: 'ContainersNotReady: containers with unready status: [b]',
  },
  { name: 'crash loop', main: { a: 'crashed' }, wanted: 'Running' },
  { name: 'all ended, Always', main: { a: 'exit0' }, wanted: 'Running' },
  {
    name: 'all ended well, OnFailure',
    policy: 'OnFailure',
    main: { a: 'exit0' },
    wanted: 'Succeeded',
    ready: 'PodCompleted',
  },
  { name: 'failed, OnFailure', policy: 'OnFailure', main: { a: 'exit1' }, wanted: 'Running' },
  { name: 'failed, Never', policy: 'Never', main: { a: 'exit1', b: 'exit0' }, wanted: 'Failed', ready: 'PodFailed' },
  { name: 'ended for good, well', main: { a: 'exit0' }, terminal: true, wanted: 'Succeeded' },
  { name: 'ended for good, badly', main: { a: 'exit1' }, terminal: true, wanted: 'Failed' },
  { name: 'init runs', init: { i: 'running' }, main: { a: 'waiting' }, wanted: 'Pending' },
  { name: 'init done', init: { i: 'exit0' }, main: { a: 'running' }, wanted: 'Running', ready: 'True' },
  { name: 'init failed, Never', policy: 'Never', init: { i: 'exit1' }, main: { a: 'waiting' }, wanted: 'Failed' },
  { name: 'init failed, Always', init: { i: 'crashed' }, main: { a: 'waiting' }, wanted: 'Pending' },
  { name: 'sidecar up', init: { 's*': 'running' }, main: { a: 'running' }, wanted: 'Running', ready: 'True' },
  {
    name: 'sidecar crashed',
    init: { 's*': 'crashed' },
    main: { a: 'running' },
    wanted: 'Running',
    ready: 'ContainersNotReady: containers with unready status: [s]',
  },
];

function statusOf(name: string, word: string): ContainerStatus[] {
  if (word === 'none') return [];
  const code = Number(/^exit(\d)$/.exec(word)?.[1] ?? (word === 'crashed' ? 1 : NaN));
  const ended = Number.isNaN(code) ? undefined : { terminated: { exitCode: code } };
  const state = word === 'running' ? { running: {} } : ended && word !== 'crashed' ? ended : { waiting: {} };
  const up = word === 'running';
  const bare = name.replace('*', '');
  const lastState = word === 'crashed' && ended ? ended : {};
  return [{ name: bare, state, lastState, ready: up, started: up, restartCount: 0, image: '', imageID: '' }];
}

for (const { name, policy = 'Always', init = {}, main, terminal = false, wanted, ready } of cases) {
  test(`phase: ${name}`, () => {
    const container = (given: string): object => ({
      name: given.replace('*', ''),
      ...(given.endsWith('*') && { restartPolicy: 'Always' }),
    });
    const spec = {
      restartPolicy: policy,
      initContainers: Object.keys(init).map(container),
      containers: Object.keys(main).map(container),
    };
    const pod = { metadata: {}, spec, status: {} } as unknown as Pod;
    const initStatuses = Object.entries(init).flatMap(([key, word]) => statusOf(key, word));
    const regular = Object.entries(main).flatMap(([key, word]) => statusOf(key, word));
    const phase = podPhase({
      pod,
      statuses: [...initStatuses, ...regular],
      isTerminal: terminal,
      hasInitialized: regular.some(({ started }) => started),
    });
    assert.equal(phase, wanted);
    if (ready === undefined) return;
    const verdict = podConditions({ pod, phase, init: initStatuses, regular, existing: [], sandboxReady: true }).Ready;
    const told = verdict.status === 'True' ? 'True' : [verdict.reason, verdict.message].filter(Boolean).join(': ');
    assert.equal(told, ready);
  });
}

test("readiness gates hold a pod back in upstream's words", () => {
  const spec = { containers: [{ name: 'a' }], readinessGates: [{ conditionType: 'example.com/x' }] };
  const pod = { metadata: {}, spec, status: {} } as unknown as Pod;
  const input = { pod, phase: 'Running', init: [], regular: statusOf('a', 'running'), sandboxReady: true } as const;
  assert.deepEqual(podConditions({ ...input, existing: [] }).Ready, {
    status: 'False',
    reason: 'ReadinessGatesNotReady',
    message: 'corresponding condition of pod readiness gate "example.com/x" does not exist.',
  });
  assert.equal(podConditions({ ...input, existing: [{ type: 'example.com/x', status: 'True' }] }).Ready.status, 'True');
});
