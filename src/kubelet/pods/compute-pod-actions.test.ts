import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '#api';
import type { PodRuntimeStatus, RuntimeContainer, RuntimeState } from '../runtime/pod-runtime-status.ts';
import { computePodActions, type ProbeResult } from './compute-pod-actions.ts';
import { containerHash } from './container-hash.ts';

interface Case {
  name: string;
  /** Containers by name; `*` marks a sidecar. */
  init?: string[];
  containers?: string[];
  policy?: Pod['spec']['restartPolicy'];
  /** Sandbox: ready, dead, or none yet. */
  sandbox?: 'ready' | 'dead' | 'none';
  /** `name` -> `running`, `created`, `unknown`, `exit0`, `exit1`, `changed` (running, of another spec). */
  states?: Record<string, string>;
  liveness?: Record<string, ProbeResult>;
  startup?: Record<string, ProbeResult>;
  probed?: string[];
  /** What is to be done: `kill-pod`, `sandbox`, `kill x`, `start x`. */
  wanted: string[];
}

const cases: Case[] = [
  { name: 'a new pod', sandbox: 'none', wanted: ['kill-pod', 'sandbox', 'start a', 'start b'] },
  { name: 'all is well', states: { a: 'running', b: 'running' }, wanted: [] },
  { name: 'one ended', states: { a: 'running', b: 'exit1' }, wanted: ['start b'] },
  { name: 'one ended well', states: { a: 'running', b: 'exit0' }, wanted: ['start b'] },
  { name: 'one ended well, OnFailure', policy: 'OnFailure', states: { a: 'running', b: 'exit0' }, wanted: [] },
  { name: 'one failed, OnFailure', policy: 'OnFailure', states: { a: 'running', b: 'exit1' }, wanted: ['start b'] },
  { name: 'one failed, Never', policy: 'Never', states: { a: 'running', b: 'exit1' }, wanted: [] },
  { name: 'all ended, Never', policy: 'Never', states: { a: 'exit0', b: 'exit1' }, wanted: ['kill-pod'] },
  { name: 'never started', states: { a: 'running' }, wanted: ['start b'] },
  { name: 'created only', states: { a: 'running', b: 'created' }, wanted: ['start b'] },
  { name: 'unknown', states: { a: 'running', b: 'unknown' }, wanted: ['kill b', 'start b'] },
  { name: 'spec changed', states: { a: 'running', b: 'changed' }, wanted: ['kill b', 'start b'] },
  {
    name: 'liveness failed',
    states: { a: 'running', b: 'running' },
    liveness: { b: 'failure' },
    wanted: ['kill b', 'start b'],
  },
  {
    name: 'liveness failed, Never',
    policy: 'Never',
    states: { a: 'running', b: 'running' },
    liveness: { b: 'failure' },
    wanted: ['kill b'],
  },
  {
    name: 'startup failed',
    states: { a: 'running', b: 'running' },
    startup: { a: 'failure' },
    wanted: ['kill a', 'start a'],
  },
  {
    name: 'sandbox died',
    sandbox: 'dead',
    states: { a: 'exit1', b: 'exit1' },
    wanted: ['kill-pod', 'sandbox', 'start a', 'start b'],
  },
  { name: 'sandbox died, Never', policy: 'Never', sandbox: 'dead', states: { a: 'exit1' }, wanted: ['kill-pod'] },
  {
    name: 'sandbox died, OnFailure: only what failed',
    policy: 'OnFailure',
    sandbox: 'dead',
    states: { a: 'exit0', b: 'exit1' },
    wanted: ['kill-pod', 'sandbox', 'start b'],
  },
  {
    name: 'sandbox died, OnFailure, all done',
    policy: 'OnFailure',
    sandbox: 'dead',
    states: { a: 'exit0', b: 'exit0' },
    wanted: ['kill-pod'],
  },
  { name: 'init: the first', init: ['i', 'j'], sandbox: 'none', wanted: ['kill-pod', 'sandbox', 'start i'] },
  { name: 'init: nothing ran yet', init: ['i', 'j'], wanted: ['start i'] },
  { name: 'init: runs', init: ['i', 'j'], states: { i: 'running' }, wanted: [] },
  { name: 'init: the next', init: ['i', 'j'], states: { i: 'exit0' }, wanted: ['start j'] },
  { name: 'init: failed', init: ['i', 'j'], states: { i: 'exit1' }, wanted: ['start i'] },
  { name: 'init: failed, Never', policy: 'Never', init: ['i'], states: { i: 'exit1' }, wanted: ['kill-pod'] },
  { name: 'init: done', init: ['i'], states: { i: 'exit0' }, wanted: ['start a', 'start b'] },
  { name: 'sidecar: runs, next init', init: ['s*', 'j'], states: { s: 'running' }, wanted: ['start j'] },
  { name: 'sidecar: runs, last', init: ['s*'], states: { s: 'running' }, wanted: ['start a', 'start b'] },
  {
    name: 'sidecar: not started yet',
    init: ['s*', 'j'],
    probed: ['s'],
    states: { s: 'running' },
    startup: { s: 'unknown' },
    wanted: [],
  },
  {
    name: 'sidecar: died while a later init container runs',
    init: ['s*', 'j'],
    states: { s: 'exit1', j: 'running' },
    wanted: ['start s'],
  },
  {
    name: 'sidecar: died beside running containers',
    init: ['s*'],
    states: { s: 'exit0', a: 'running', b: 'running' },
    wanted: ['start s'],
  },
  {
    name: 'sidecar: does not keep a finished pod',
    policy: 'Never',
    init: ['s*'],
    states: { s: 'running', a: 'exit0', b: 'exit0' },
    wanted: ['kill-pod'],
  },
  {
    name: 'sidecar: liveness failed',
    init: ['s*'],
    states: { s: 'running', a: 'running', b: 'running' },
    liveness: { s: 'failure' },
    wanted: ['kill s', 'start s'],
  },
];

function podOf({ init = [], containers = ['a', 'b'], policy = 'Always', probed = [] }: Case): Pod {
  const container = (name: string): object => ({
    name: name.replace('*', ''),
    image: 'x',
    ...(name.endsWith('*') && { restartPolicy: 'Always' }),
    ...(probed.includes(name.replace('*', '')) && { startupProbe: {} }),
  });
  const spec = { restartPolicy: policy, initContainers: init.map(container), containers: containers.map(container) };
  return { metadata: { name: 'p', uid: 'u' }, spec, status: {} } as unknown as Pod;
}

function statusOf(pod: Pod, { sandbox = 'ready', states = {} }: Case): PodRuntimeStatus {
  const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const containers = Object.entries(states).map(([name, state], index): RuntimeContainer => {
    const exit = /^exit(\d+)$/.exec(state);
    const spec = all.find((one) => one.name === name)!;
    const known: RuntimeState = exit ? 'exited' : state === 'changed' ? 'running' : (state as RuntimeState);
    return {
      id: name,
      name,
      sandboxId: 'box',
      state: known,
      restartCount: 0,
      hash: state === 'changed' ? 'other' : containerHash(spec),
      createdAtMs: index,
      startedAtMs: 0,
      finishedAtMs: 0,
      exitCode: Number(exit?.[1] ?? 0),
      reason: '',
      message: '',
      image: 'x',
      imageRef: 'x',
      logPath: '',
    };
  });
  const box = {
    id: 'box',
    attempt: 0,
    ready: sandbox === 'ready',
    hostNetwork: false,
    createdAtMs: 0,
    ips: ['10.0.0.1'],
  };
  return { uid: 'u', sandboxes: sandbox === 'none' ? [] : [box], containers };
}

for (const one of cases) {
  test(`actions: ${one.name}`, () => {
    const pod = podOf(one);
    const actions = computePodActions(pod, statusOf(pod, one), {
      liveness: (id) => one.liveness?.[id],
      startup: (id) => one.startup?.[id],
    });
    const told = [
      ...(actions.killPod ? ['kill-pod'] : []),
      ...(actions.createSandbox ? ['sandbox'] : []),
      ...actions.kill.map(({ container }) => `kill ${container.name}`),
      ...[...actions.start.init, ...actions.start.regular].map(({ name }) => `start ${name}`),
    ];
    assert.deepEqual(told, one.wanted);
  });
}
