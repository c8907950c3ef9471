import type { Plugin } from '../framework/plugin.ts';
import { unschedulable } from '../framework/status.ts';
import { hostPortsOf } from '../host-ports.ts';

/** Keeps a pod off nodes where a host port that it wants is taken. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  filter(_state, pod, node) {
    const taken = node.hostPorts.conflicts(hostPortsOf(pod));
    return taken ? unschedulable("node(s) didn't have free ports for the requested pod ports") : undefined;
  },
  mayHelp: (event) => event.kind === 'nodeAdded' || (event.kind === 'podLeft' && hostPortsOf(event.pod).length > 0),
};
