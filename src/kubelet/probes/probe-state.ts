import type { Probe } from '#api';
import type { ProbeResult } from '../pods/compute-pod-actions.ts';

export type ProbeKind = 'liveness' | 'readiness' | 'startup';

/** What one run of a probe came to; a `warning` counts as a success. */
export type ProbeOutcome = 'success' | 'warning' | 'failure' | 'unknown';

/** Where a probe stands: the verdict that counts, and the run of equal outcomes that may change it. */
export interface ProbeState {
  readonly verdict: ProbeResult;
  readonly streak: { readonly outcome: 'success' | 'failure'; readonly length: number } | undefined;
  /** A failed liveness or startup probe waits for the next container. */
  readonly onHold: boolean;
}

/** A new container: alive until proven dead, not ready until proven ready, not known to have started. */
export function initialState(kind: ProbeKind): ProbeState {
  const verdict = kind === 'liveness' ? 'success' : kind === 'readiness' ? 'failure' : 'unknown';
  return { verdict, streak: undefined, onHold: false };
}

/** The state after an outcome: the verdict changes once the threshold of equal outcomes in a row is reached. */
export function nextState(
  state: ProbeState,
  outcome: ProbeOutcome,
  kind: ProbeKind,
  { failureThreshold = 3, successThreshold = 1 }: Pick<Probe, 'failureThreshold' | 'successThreshold'>,
): ProbeState {
  if (outcome === 'unknown') return state; // a probe that could not run says nothing
  const seen = outcome === 'failure' ? 'failure' : 'success';
  const length = state.streak?.outcome === seen ? state.streak.length + 1 : 1;
  const streak = { outcome: seen, length } as const;
  const threshold = seen === 'failure' ? failureThreshold : successThreshold;
  if (length < threshold) return { ...state, streak };
  const onHold = seen === 'failure' && kind !== 'readiness';
  return { verdict: seen, streak: onHold ? undefined : streak, onHold };
}
