import type { Node } from '#api';
import type { Strategy } from '../registry/strategy.ts';
import { keepStatus, statusStrategy } from './spec-and-status.ts';

/** Nodes: a kubelet registers itself together with its status (`pkg/registry/core/node/strategy.go`). */
export const nodeStrategy: Strategy<Node> = {
  prepareForCreate: dropConfigSource,
  prepareForUpdate(node, old) {
    keepStatus(node, old);
    if (!old.spec.configSource) dropConfigSource(node);
  },
  subresources: { status: (store) => store.partial('status', statusStrategy) },
};

/** What configured kubelets once is gone: it stays only where it is. */
function dropConfigSource({ spec }: Node): void {
  delete spec.configSource;
}
