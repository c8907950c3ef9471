import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialState, nextState, type ProbeKind, type ProbeOutcome } from './probe-state.ts';

interface Case {
  name: string;
  kind: ProbeKind;
  thresholds: { failureThreshold?: number; successThreshold?: number };
  outcomes: ProbeOutcome[];
  verdicts: string[];
  onHold: boolean;
}

const cases: Case[] = [
  {
    name: 'liveness holds until three failures in a row',
    kind: 'liveness',
    thresholds: {},
    outcomes: ['failure', 'failure', 'success', 'failure', 'failure', 'failure'],
    verdicts: ['success', 'success', 'success', 'success', 'success', 'failure'],
    onHold: true,
  },
  {
    name: 'readiness comes and goes',
    kind: 'readiness',
    thresholds: { failureThreshold: 2, successThreshold: 2 },
    outcomes: ['success', 'success', 'failure', 'failure', 'success', 'success'],
    verdicts: ['failure', 'success', 'success', 'failure', 'failure', 'success'],
    onHold: false,
  },
  {
    name: 'startup is unknown until it succeeds',
    kind: 'startup',
    thresholds: { failureThreshold: 3 },
    outcomes: ['failure', 'failure', 'success'],
    verdicts: ['unknown', 'unknown', 'success'],
    onHold: false,
  },
  {
    name: 'what could not run neither helps nor harms',
    kind: 'liveness',
    thresholds: { failureThreshold: 2 },
    outcomes: ['failure', 'unknown', 'failure'],
    verdicts: ['success', 'success', 'failure'],
    onHold: true,
  },
  {
    name: 'a warning is a success',
    kind: 'readiness',
    thresholds: {},
    outcomes: ['warning'],
    verdicts: ['success'],
    onHold: false,
  },
];

for (const { name, kind, thresholds, outcomes, verdicts, onHold } of cases) {
  test(name, () => {
    let state = initialState(kind);
    const seen = outcomes.map((outcome) => {
      state = nextState(state, outcome, kind, thresholds);
      return state.verdict;
    });
    assert.deepEqual(seen, verdicts);
    assert.equal(state.onHold, onHold);
  });
}
