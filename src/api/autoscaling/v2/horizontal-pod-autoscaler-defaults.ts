import { defaultMetric } from '../v1/conversion.ts';
import { withoutRoundTrip } from '../v1/round-trip.ts';
import type { HorizontalPodAutoscaler, HPAScalingPolicy, HPAScalingRules } from './horizontal-pod-autoscaler.ts';

const periodSeconds = 15;
const doubling: HPAScalingPolicy = { type: 'Percent', value: 100, periodSeconds };
const fourMore: HPAScalingPolicy = { type: 'Pods', value: 4, periodSeconds };

/** Fills in what an autoscaler leaves unsaid (`pkg/apis/autoscaling/v2/defaults.go`). */
export function setHorizontalPodAutoscalerDefaults({ metadata, spec }: HorizontalPodAutoscaler): void {
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length) spec.metrics = [defaultMetric()];
  const { behavior } = spec;
  if (behavior) {
    behavior.scaleUp = withDefaults(behavior.scaleUp, {
      stabilizationWindowSeconds: 0,
      policies: [fourMore, doubling],
    });
    // How long a wish for more counts downwards is for the controller to say.
    behavior.scaleDown = withDefaults(behavior.scaleDown, { policies: [doubling] });
  }
  // This version has fields for everything that others write there.
  const annotations = withoutRoundTrip(metadata.annotations);
  if (annotations) metadata.annotations = annotations;
  else delete metadata.annotations;
}

function withDefaults(rules: HPAScalingRules | undefined, defaults: HPAScalingRules): HPAScalingRules {
  return { selectPolicy: 'Max', ...structuredClone(defaults), ...rules };
}
