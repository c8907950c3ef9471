import type { Container, Pod } from '#api';
import { Quantity } from '#machinery';

export interface ResourceFieldSelector {
  readonly resource: string;
  readonly containerName?: string;
  readonly divisor?: string;
}

/**
 * The value of a `resourceFieldRef`: the container's limit or request, or the node's allocatable when a limit is not set,
 * divided by the divisor and rounded up.
 * @throws Error for a resource that is not supported
 */
export function resourceFieldValue(
  selector: ResourceFieldSelector,
  container: Container,
  allocatable: Record<string, string>,
): string {
  const [side, ...rest] = selector.resource.split('.');
  const resource = rest.join('.');
  if ((side !== 'limits' && side !== 'requests') || resource === '') {
    throw new Error(`Unsupported container resource : ${selector.resource}`);
  }
  const set = container.resources?.[side]?.[resource];
  const fallback = side === 'limits' ? allocatable[resource] : undefined;
  const quantity = Quantity.parse(set ?? fallback ?? '0');
  return String(divide(quantity, selector.divisor, resource));
}

function divide(quantity: Quantity, divisorText: string | undefined, resource: string): number {
  const divisor = Quantity.parse(divisorText && divisorText !== '0' ? divisorText : '1');
  if (resource === 'cpu') return Math.ceil(quantity.milliValue() / divisor.milliValue());
  return Math.ceil(quantity.value() / divisor.value());
}

/**
 * The container that a selector of a downward volume names.
 * @throws Error when the pod has none of this name
 */
export function containerOfSelector(pod: Pod, name: string): Container {
  const found = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((other) => other.name === name);
  if (!found) throw new Error(`container ${name} not found`);
  return found;
}
