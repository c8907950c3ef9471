import type { Container, Pod } from '#api';
import type { EventRecorder } from '#client';
import type { ProbeReport } from '../probes/http-probe.ts';
import type { ProbeKind } from '../probes/probe-state.ts';
import { containerEvents } from './events.ts';

const words: Record<ProbeKind, string> = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' };

/** Tells in events of probes that did not succeed. */
export function probeEvents(
  pod: () => Pod,
  recorder: Pick<EventRecorder, 'event'>,
): (container: Container, kind: ProbeKind, report: ProbeReport) => void {
  return (container, kind, { outcome, output }) => {
    const events = containerEvents(recorder, pod(), container);
    const word = words[kind];
    if (outcome === 'warning') events.warning('ProbeWarning', `${word} probe warning: ${output}`);
    else if (outcome === 'failure') events.warning('Unhealthy', `${word} probe failed: ${output}`);
    else events.warning('Unhealthy', `${word} probe errored and resulted in unknown state: ${output}`);
  };
}
