import type { Clock } from '#base';
import type { Deployment } from '#api';
import { copyWith, sumOf } from '../objects.ts';
import { newCondition, setCondition, type Conditions } from './conditions.ts';
import { fencepostsOf } from './fenceposts.ts';
import { membersOf, wantedByAll, type Family } from './replica-sets.ts';

type Status = Deployment['status'];

/** What the status of a deployment should say, its progress aside (`calculateStatus`). */
export function statusOf(deployment: Deployment, family: Family, clock: Clock): Status {
  const all = membersOf(family);
  const availableReplicas = sumOf(all, ({ status }) => status.availableReplicas);
  return copyWith(deployment.status, {
    observedGeneration: deployment.metadata.generation,
    replicas: sumOf(all, ({ status }) => status.replicas),
    updatedReplicas: family.latest?.status.replicas ?? 0,
    readyReplicas: sumOf(all, ({ status }) => status.readyReplicas),
    availableReplicas,
    unavailableReplicas: Math.max(0, wantedByAll(all) - availableReplicas),
    terminatingReplicas: sumOf(all, ({ status }) => status.terminatingReplicas),
    conditions: withAvailability(deployment, availableReplicas, clock),
  });
}

function withAvailability(deployment: Deployment, availableReplicas: number, clock: Clock): Conditions {
  const enough = availableReplicas >= (deployment.spec.replicas ?? 1) - fencepostsOf(deployment).maxUnavailable;
  const available = newCondition(
    clock,
    enough
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
  );
  return setCondition(deployment.status.conditions, available);
}
