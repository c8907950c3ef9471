import type { Pod } from '#api';
import type { CycleState, Plugin } from '../framework/plugin.ts';
import { unschedulable } from '../framework/status.ts';
import { collide, hostPortsOf, type HostPort } from '../host-ports.ts';

const name = 'NodePorts';

/** Keeps a pod off nodes where a host port that it wants is taken. */
export const nodePorts: Plugin = {
  name,
  preFilter(state, pod) {
    state.set(name, hostPortsOf(pod));
    return undefined;
  },
  filter(state, pod, node) {
    const taken = node.hostPorts.conflicts(wantedPorts(state, pod));
    return taken ? unschedulable("node(s) didn't have free ports for the requested pod ports") : undefined;
  },
  mayHelp: (event, pod) =>
    event.kind === 'nodeAdded' || (event.kind === 'podLeft' && frees(hostPortsOf(event.pod), hostPortsOf(pod))),
};

function wantedPorts(state: CycleState, pod: Pod): readonly HostPort[] {
  return (state.get(name) as HostPort[] | undefined) ?? hostPortsOf(pod); // only this plugin writes under its name
}

function frees(freed: readonly HostPort[], wanted: readonly HostPort[]): boolean {
  return freed.some((port) => wanted.some((other) => collide(port, other)));
}
