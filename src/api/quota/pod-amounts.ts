import type { Container } from '../core/v1/container.ts';
import type { PodSpec } from '../core/v1/pod-spec.ts';
import { amountsOf, largestOf, selectAmounts, sumOf, type Amounts } from './amounts.ts';

/** What can be told of a pod as a whole. */
const wholePod = new Set(['cpu', 'memory']);

function isWholePod(name: string): boolean {
  return wholePod.has(name) || name.startsWith('hugepages-');
}

/**
 * What the containers of a pod request, or are limited to (`k8s.io/component-helpers/resource`): the sum of containers
 * and sidecars, or the largest init container with the sidecars before it, whichever is more.
 */
export function containerAmounts(spec: PodSpec, which: 'requests' | 'limits'): Amounts {
  const amounts = (container: Container): Amounts => amountsOf(container.resources?.[which]);
  let total = spec.containers.map(amounts).reduce(sumOf, {});
  let sidecars: Amounts = {};
  let peak: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    const own = amounts(container);
    const together = sumOf(sidecars, own);
    if (container.restartPolicy === 'Always') {
      total = sumOf(total, own);
      sidecars = together;
    }
    peak = largestOf(peak, together);
  }
  return largestOf(total, peak);
}

/** As `containerAmounts`; what is told of the pod as a whole stands above that. */
export function podAmounts(spec: PodSpec, which: 'requests' | 'limits'): Amounts {
  return { ...containerAmounts(spec, which), ...selectAmounts(amountsOf(spec.resources?.[which]), isWholePod) };
}

/** What a pod takes of its node: as `podAmounts`, with its overhead, which limits have only where there are some. */
export function podAmountsWithOverhead(spec: PodSpec, which: 'requests' | 'limits'): Amounts {
  const amounts = podAmounts(spec, which);
  const overhead = amountsOf(spec.overhead);
  if (which === 'requests') return sumOf(amounts, overhead);
  return sumOf(
    amounts,
    selectAmounts(overhead, (name) => amounts[name]?.isZero() === false),
  );
}
