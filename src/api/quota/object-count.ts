import { Quantity } from '#machinery';
import type { QuotaEvaluator } from './evaluator.ts';

const one = Quantity.of(1);

/** Kinds that quotas could count before they could count all. */
const oldNames = new Set(['replicationcontrollers', 'resourcequotas', 'secrets', 'configmaps']);

/** `count/deployments.apps`: what the number of objects of a resource is called in a quota. */
export function countName({ group, plural }: { group: string; plural: string }): string {
  return group === '' ? `count/${plural}` : `count/${plural}.${group}`;
}

/** Counts objects that use nothing but their place. */
export function objectCount(resource: { group: string; plural: string }): QuotaEvaluator<unknown> {
  const names = [countName(resource)];
  if (resource.group === '' && oldNames.has(resource.plural)) names.push(resource.plural);
  const usage = Object.fromEntries(names.map((name) => [name, one]));
  return { counts: (name) => names.includes(name), usage: () => usage };
}
