import { Quantity } from '#machinery';
import type { Pod } from './pod.ts';

type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';
const counted = ['cpu', 'memory'] as const;

/**
 * How a pod stands when its node runs out of memory (`pkg/apis/core/v1/helper/qos`): Guaranteed when every container
 * limits cpu and memory and requests just that, BestEffort when none says anything. What is told of the pod as a whole
 * stands above what its containers say.
 */
export function qosClassOf({ spec }: Pick<Pod, 'spec'>): QosClass {
  const containers = spec.resources ? [spec] : [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  let says = false;
  let guaranteed = true;
  for (const { resources = {} } of containers) {
    for (const name of counted) {
      const request = amount(resources.requests?.[name]);
      const limit = amount(resources.limits?.[name]);
      if (request || limit) says = true;
      if (!limit || (request && request.compare(limit) !== 0)) guaranteed = false;
    }
  }
  if (!says) return 'BestEffort';
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** Zero counts as nothing said. */
function amount(text: string | undefined): Quantity | undefined {
  if (text === undefined) return undefined;
  const quantity = Quantity.parse(text);
  return quantity.isZero() ? undefined : quantity;
}
