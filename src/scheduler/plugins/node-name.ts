import { nameOf } from '#machinery';
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';
import { nameOfNode } from '../node-info.ts';

/** A pod that names its node runs there or nowhere. */
export const nodeName: Plugin = {
  name: 'NodeName',
  filter(_state, { spec }, node) {
    const fits = !spec.nodeName || spec.nodeName === nameOfNode(node);
    return fits ? undefined : unresolvable("node(s) didn't match the requested node name");
  },
  mayHelp: (event, { spec }) => event.kind === 'nodeAdded' && nameOf(event.node) === spec.nodeName,
};
