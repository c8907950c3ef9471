import { isObject } from '#machinery';
import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from '../v2/horizontal-pod-autoscaler.ts';

/** Where autoscaling/v1 keeps what it has no fields for (`pkg/apis/autoscaling/annotations.go`). */
export const roundTrip = {
  metrics: 'autoscaling.alpha.kubernetes.io/metrics',
  currentMetrics: 'autoscaling.alpha.kubernetes.io/current-metrics',
  conditions: 'autoscaling.alpha.kubernetes.io/conditions',
  behavior: 'autoscaling.alpha.kubernetes.io/behavior',
  scaleDownTolerance: 'autoscaling.alpha.kubernetes.io/scale-down-tolerance',
  scaleUpTolerance: 'autoscaling.alpha.kubernetes.io/scale-up-tolerance',
} as const;

type Annotations = Record<string, string>;

/** The annotations without those that only one version understands; undefined for none. */
export function withoutRoundTrip(annotations: Annotations | undefined): Annotations | undefined {
  const ours: readonly string[] = Object.values(roundTrip);
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !ours.includes(key));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** The JSON of an annotation; undefined for one that is absent or cannot be read, which is passed over. */
export function readAnnotation(annotations: Annotations | undefined, key: string): unknown {
  const text = annotations?.[key];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Upstream writes a type of its own there, by the names of Go. */
export function writeBehavior({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): string {
  return JSON.stringify({ ScaleUp: writeRules(scaleUp), ScaleDown: writeRules(scaleDown) });
}

function writeRules(rules: HPAScalingRules | undefined): object | null {
  if (!rules) return null;
  return {
    StabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? null,
    SelectPolicy: rules.selectPolicy ?? null,
    Policies:
      rules.policies?.map(({ type, value, periodSeconds }) => ({
        Type: type,
        Value: value,
        PeriodSeconds: periodSeconds,
      })) ?? null,
    Tolerance: rules.tolerance ?? null,
  };
}

const behaviorFields = [
  'scaleUp',
  'scaleDown',
  'stabilizationWindowSeconds',
  'selectPolicy',
  'policies',
  'tolerance',
  'type',
  'value',
  'periodSeconds',
];
const behaviorNames = new Map(behaviorFields.map((name) => [name.toLowerCase(), name]));

/** The names of fields in small letters, however they are written: Go does not mind their case. */
export function renameBehavior(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renameBehavior);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    return [behaviorNames.get(key.toLowerCase()) ?? key, renameBehavior(inner)];
  });
  return Object.fromEntries(entries) as unknown;
}
