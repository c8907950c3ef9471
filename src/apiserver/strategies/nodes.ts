import type { Node } from '#api';
import type { Strategy } from '../registry/strategy.ts';
import { keepStatus, statusStrategy } from './spec-and-status.ts';

/** Nodes: a kubelet registers itself together with its status (`pkg/registry/core/node/strategy.go`). */
export const nodeStrategy: Strategy<Node> = {
  prepareForUpdate: keepStatus,
  subresources: { status: (store) => store.partial('status', statusStrategy) },
};
