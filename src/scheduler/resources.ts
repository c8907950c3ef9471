import type { Container, Pod } from '#api';
import { Quantity } from '#machinery';

/** Amounts by resource name: CPU in thousandths of a core, everything else in its own unit. */
export type Amounts = Record<string, number>;

/** Reads a list of quantities (`requests`, `allocatable`). */
export function amountsOf(list: Readonly<Record<string, string>> | undefined): Amounts {
  const amounts: Amounts = {};
  for (const [name, text] of Object.entries(list ?? {})) {
    const quantity = Quantity.parse(text);
    amounts[name] = name === 'cpu' ? quantity.milliValue() : quantity.value();
  }
  return amounts;
}

export function addAmounts(into: Amounts, more: Amounts, sign = 1): void {
  for (const [name, amount] of Object.entries(more)) into[name] = (into[name] ?? 0) + sign * amount;
}

/**
 * What a pod asks of a node (`k8s.io/component-helpers/resource.PodRequests`): the sum of its containers and sidecars,
 * or the largest init container with the sidecars started before it, whichever is more; and the pod's overhead.
 * A container that does not name a resource of `missing` counts for that much of it.
 */
export function podRequests(pod: Pod, missing: Readonly<Amounts> = {}): Amounts {
  const { containers, initContainers = [], overhead, resources } = pod.spec;
  const requestsOf = (container: Container): Amounts => ({ ...missing, ...amountsOf(container.resources?.requests) });
  const total: Amounts = {};
  for (const container of containers) addAmounts(total, requestsOf(container));
  const sidecars: Amounts = {};
  const initPeak: Amounts = {};
  for (const container of initContainers) {
    const requests = requestsOf(container);
    if (container.restartPolicy === 'Always') {
      addAmounts(total, requests);
      addAmounts(sidecars, requests);
      raise(initPeak, sidecars);
    } else {
      const together = { ...sidecars };
      addAmounts(together, requests);
      raise(initPeak, together);
    }
  }
  raise(total, initPeak);
  Object.assign(total, amountsOf(resources?.requests)); // requests of the whole pod stand above those of its containers
  addAmounts(total, amountsOf(overhead));
  return total;
}

/** CPU (100m) and memory (200Mi) that a container without requests counts for when nodes are scored. */
const guess = { cpu: 100, memory: 200 * 1024 * 1024 };

/** As `podRequests`, with a guess for each container that asks for nothing, so that many of those still spread. */
export function nonZeroRequests(pod: Pod): { cpu: number; memory: number } {
  const { cpu = 0, memory = 0 } = podRequests(pod, guess);
  return { cpu, memory };
}

function raise(into: Amounts, to: Amounts): void {
  for (const [name, amount] of Object.entries(to)) into[name] = Math.max(into[name] ?? 0, amount);
}
