import { ReplicationController } from '#api';
import { selectorOfMap } from '#machinery';
import type { Strategy } from '../registry/strategy.ts';
import { scaleOf } from './scale.ts';
import { beginAs, prepareSpec, statusStrategy } from './spec-and-status.ts';

/** ReplicationControllers: their pods stay when they go, as it was in their time (`pkg/registry/core/replicationcontroller`). */
export const replicationControllerStrategy: Strategy<ReplicationController> = {
  garbageCollection: 'orphan',
  prepareForCreate: beginAs(ReplicationController),
  prepareForUpdate: prepareSpec,
  subresources: {
    status: (store) => store.partial('status', statusStrategy),
    scale: scaleOf({ prepareForUpdate: prepareSpec }, ({ spec }: ReplicationController) =>
      selectorOfMap(spec.selector ?? {}).toString(),
    ),
  },
};
