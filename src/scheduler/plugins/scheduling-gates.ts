import type { Plugin } from '../framework/plugin.ts';

/** A pod with `spec.schedulingGates` waits until the last of them is taken away (KEP-3521). */
export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  preEnqueue({ spec }) {
    const gates = (spec.schedulingGates ?? []).map((gate) => gate.name);
    return gates.length === 0
      ? undefined
      : { code: 'pending', reasons: [`waiting for scheduling gates: [${gates.join(' ')}]`] };
  },
  mayHelp: (event) => event.kind === 'podUpdated',
};
