import type { FieldErrors } from '#machinery';
import type { DaemonSet } from './daemon-set.ts';
import type { Deployment } from './deployment.ts';
import type { ReplicaSet } from './replica-set.ts';
import {
  validateAvailable,
  validateCollisionCount,
  validateCounts,
  validatePartsOfReplicas,
} from './replicas-validation.ts';
import type { StatefulSet } from './stateful-set.ts';

const deploymentCounts = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'terminatingReplicas',
  'collisionCount',
] as const;

/** `ValidateDeploymentStatusUpdate` of `pkg/apis/apps/validation`. */
export function validateDeploymentStatus({ status }: Deployment, errors: FieldErrors, old: Deployment): void {
  validateCounts(status, deploymentCounts, errors);
  validatePartsOfReplicas(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], errors);
  validateAvailable(status, 'readyReplicas', errors);
  validateCollisionCount(status, old.status, errors);
}

const replicaSetCounts = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'observedGeneration',
  'terminatingReplicas',
] as const;

/** `ValidateReplicaSetStatusUpdate` of `pkg/apis/apps/validation`. */
export function validateReplicaSetStatus({ status }: ReplicaSet, errors: FieldErrors): void {
  validateCounts(status, replicaSetCounts, errors);
  validatePartsOfReplicas(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], errors);
  validateAvailable(status, 'readyReplicas', errors);
}

const daemonSetCounts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const;

/** `ValidateDaemonSetStatusUpdate` of `pkg/apis/apps/validation`. */
export function validateDaemonSetStatus({ status }: DaemonSet, errors: FieldErrors, old: DaemonSet): void {
  validateCounts(status, daemonSetCounts, errors);
  validateCollisionCount(status, old.status, errors);
}

const statefulSetCounts = [
  'replicas',
  'readyReplicas',
  'currentReplicas',
  'updatedReplicas',
  'availableReplicas',
  'observedGeneration',
  'collisionCount',
] as const;

/** `ValidateStatefulSetStatusUpdate` of `pkg/apis/apps/validation`. */
export function validateStatefulSetStatus({ status }: StatefulSet, errors: FieldErrors, old: StatefulSet): void {
  const parts = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'] as const;
  validateCounts(status, statefulSetCounts, errors);
  validatePartsOfReplicas(status, parts, errors);
  validateAvailable(status, 'status.readyReplicas', errors);
  validateCollisionCount(status, old.status, errors);
}
