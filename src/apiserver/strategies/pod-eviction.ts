import { Eviction, type Pod } from '#api';
import { badRequest, formatTime } from '#machinery';
import { successAnswer } from '../registry/answers.ts';
import { decodeAs } from '../registry/body.ts';
import type { DeleteOptions, SubresourceRest } from '../registry/rest.ts';
import type { ResourceStore } from '../registry/store.ts';
import { setPodCondition } from './pod-conditions.ts';

/** `pods/eviction`: a deletion that disruption budgets may refuse; there are none yet. */
export function podEviction(store: ResourceStore<Pod>): SubresourceRest {
  return {
    async create(context, ns, name, body, options = {}) {
      const eviction = decodeAs(Eviction, { apiVersion: 'policy/v1', kind: 'Eviction' }, body, context, options);
      if (eviction.metadata.name && eviction.metadata.name !== name) {
        throw badRequest('name in URL does not match name in Eviction object');
      }
      const dryRun = options.dryRun ?? false;
      const now = formatTime(store.parts.clock.now());
      const strategy = { validatesObject: false };
      if (!dryRun) {
        await store.modify(context, { ns, name, subresource: 'status', strategy }, (pod) => {
          const reason = 'EvictionByEvictionAPI';
          const message = 'Eviction API: evicting';
          setPodCondition(pod, { type: 'DisruptionTarget', status: 'True', reason, message }, now);
        });
      }
      const { dryRun: _, ...deletion } = eviction.deleteOptions ?? {};
      await store.delete(context, ns, name, { ...(deletion as DeleteOptions), dryRun });
      return successAnswer();
    },
  };
}
