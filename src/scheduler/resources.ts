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
 */
export function podRequests(pod: Pod): Amounts {
  const { containers, initContainers = [], overhead, resources } = pod.spec;
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

/** CPU and memory that a container without requests counts for when nodes are scored (`GetNonzeroRequests`). */
const defaultMilliCpu = 100;
const defaultMemoryBytes = 200 * 1024 * 1024;

/** As `podRequests`, with a guess for each container that asks for nothing, so that many of those still spread. */
export function nonZeroRequests(pod: Pod): { cpu: number; memory: number } {
  const requests = podRequests(pod);
  let { cpu = 0, memory = 0 } = requests;
  for (const container of pod.spec.containers) {
    const own = container.resources?.requests;
    if (own?.['cpu'] === undefined) cpu += defaultMilliCpu;
    if (own?.['memory'] === undefined) memory += defaultMemoryBytes;
  }
  return { cpu, memory };
}

function requestsOf(container: Container): Amounts {
  return amountsOf(container.resources?.requests);
}

function raise(into: Amounts, to: Amounts): void {
  for (const [name, amount] of Object.entries(to)) into[name] = Math.max(into[name] ?? 0, amount);
}
