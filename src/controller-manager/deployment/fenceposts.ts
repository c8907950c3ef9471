import type { Deployment } from '#api';
import { scaledValue } from '../scaled-value.ts';

/** How many pods a rolling update may have above and below the wanted number. */
export interface Fenceposts {
  maxSurge: number;
  maxUnavailable: number;
}

/**
 * The fenceposts of a deployment in pods. Surge is rounded up and unavailability down; when both come to 0 one pod may be
 * missing, since else nothing could move (`ResolveFenceposts`).
 */
export function fencepostsOf(deployment: Deployment): Fenceposts {
  const { strategy, replicas = 1 } = deployment.spec;
  if (strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = strategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, replicas, Math.ceil);
  const unavailable = scaledValue(maxUnavailable, replicas, Math.floor);
  const atLeast = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { maxSurge: surge, maxUnavailable: Math.min(atLeast, replicas) };
}
