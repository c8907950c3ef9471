import type { Pod, PodDisruptionBudget } from '#api';
import { controllerOf, nameOf, namespaceOf, type OwnerReference } from '#machinery';
import { sumOf } from '../objects.ts';
import { scaledValue } from '../scaled-value.ts';

/** Something that keeps a number of pods: its uid, and how many. */
export interface Scale {
  uid: string;
  replicas: number;
}

/** Finds who in the end controls the pods of a controller, and how many it wants; undefined when it is gone. */
export type FindScale = (controller: OwnerReference, namespace: string) => Promise<Scale | undefined>;

export interface Expected {
  expectedPods: number;
  desiredHealthy: number;
  /** Pods that nobody controls: a share of them cannot be told. */
  unmanaged: string[];
}

/**
 * How many pods there are to be, and how many of them a budget wants healthy. What it says as a share is one of the pods
 * that the controllers want, not of those that are there. Throws when a controller cannot say how many it wants.
 */
export async function expectedOf(
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
  findScale: FindScale,
): Promise<Expected> {
  const { maxUnavailable, minAvailable = 0 } = spec;
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { expectedPods: pods.length, desiredHealthy: minAvailable, unmanaged: [] };
  const { wanted, unmanaged } = await wantedOf(pods, findScale);
  const desiredHealthy =
    maxUnavailable === undefined
      ? scaledValue(minAvailable, wanted, Math.ceil)
      : Math.max(0, wanted - scaledValue(maxUnavailable, wanted, Math.ceil));
  return { expectedPods: wanted, desiredHealthy, unmanaged };
}

async function wantedOf(pods: readonly Pod[], findScale: FindScale): Promise<{ wanted: number; unmanaged: string[] }> {
  const scales = new Map<string, number>();
  const known = new Set<string>();
  const unmanaged: string[] = [];
  for (const pod of pods) {
    const controller = controllerOf(pod);
    if (!controller) unmanaged.push(nameOf(pod));
    if (!controller || known.has(controller.uid)) continue;
    known.add(controller.uid);
    const scale = await findScale(controller, namespaceOf(pod));
    if (!scale) throw new Error(`found no controllers for pod ${JSON.stringify(nameOf(pod))}`);
    scales.set(scale.uid, scale.replicas);
  }
  return { wanted: sumOf(scales.values(), (replicas) => replicas), unmanaged };
}
