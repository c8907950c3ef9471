import { FieldPath, type FieldErrors } from '#machinery';
import { validateNotNegative } from '../../meta/v1/value-validation.ts';
import { validateBehavior } from './behavior-validation.ts';
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec } from './horizontal-pod-autoscaler.ts';
import { validateMetric } from './metric-validation.ts';
import { isGroupVersion, validateReference, type GroupRule } from './reference-validation.ts';

const path = FieldPath.of('spec');

/** The rules of autoscalers (`pkg/apis/autoscaling/validation/validation.go`). */
export function validateHorizontalPodAutoscaler(
  { spec }: HorizontalPodAutoscaler,
  errors: FieldErrors,
  old?: HorizontalPodAutoscaler,
): void {
  validateBounds(spec, errors, old?.spec);
  validateReference(spec.scaleTargetRef, targetRule(spec, old?.spec), errors, path.child('scaleTargetRef'));
  const metrics = path.child('metrics');
  for (const [at, metric] of (spec.metrics ?? []).entries()) {
    validateMetric(metric, objectRule(old?.spec), errors, metrics.index(at));
  }
  const isCountedOutside = spec.metrics?.some(({ type }) => type === 'Object' || type === 'External') ?? false;
  if (spec.minReplicas === 0 && !isCountedOutside) {
    // Without pods there is nothing of theirs to be measured.
    errors.forbidden(
      metrics,
      'must specify at least one Object or External metric to support scaling to zero replicas',
    );
  }
  if (spec.behavior) validateBehavior(spec.behavior, errors, path.child('behavior'));
}

function validateBounds(
  { minReplicas, maxReplicas }: HorizontalPodAutoscalerSpec,
  errors: FieldErrors,
  old: HorizontalPodAutoscalerSpec | undefined,
): void {
  // To scale to nothing is an alpha feature: who has it keeps it.
  const least = old?.minReplicas === 0 ? 0 : 1;
  if (minReplicas !== undefined && minReplicas < least) {
    errors.invalid(path.child('minReplicas'), minReplicas, `must be greater than or equal to ${least}`);
  }
  const at = path.child('maxReplicas');
  if (maxReplicas === 0) errors.required(at, 'must be set and greater than 0');
  else if (maxReplicas < 0) errors.invalid(at, maxReplicas, 'must be greater than or equal to 1');
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.invalid(at, maxReplicas, 'must be greater than or equal to `minReplicas`');
  }
}

/** Only ReplicationControllers can be scaled in the core group; what was let in before is not judged again. */
function targetRule(
  { scaleTargetRef: now }: HorizontalPodAutoscalerSpec,
  old: HorizontalPodAutoscalerSpec | undefined,
): GroupRule {
  const before = old?.scaleTargetRef;
  if (before && before.apiVersion === now.apiVersion && before.kind === now.kind) return 'any';
  return now.kind === 'ReplicationController' ? 'valid' : 'notCore';
}

function objectRule(old: HorizontalPodAutoscalerSpec | undefined): GroupRule {
  const versions = old?.metrics?.flatMap(({ type, object }) => (type === 'Object' && object ? [object] : [])) ?? [];
  return versions.some(({ describedObject }) => !isGroupVersion(describedObject.apiVersion ?? '')) ? 'any' : 'valid';
}

/** `ValidateHorizontalPodAutoscalerStatusUpdate`. */
export function validateHorizontalPodAutoscalerStatus({ status }: HorizontalPodAutoscaler, errors: FieldErrors): void {
  for (const field of ['currentReplicas', 'desiredReplicas'] as const) {
    validateNotNegative(status[field], errors, FieldPath.of('status', field));
  }
}
