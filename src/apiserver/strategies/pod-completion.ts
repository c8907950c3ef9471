import { FieldPath, isEqualJson } from '#machinery';
import {
  appArmorAnnotation,
  appArmorProfileOf,
  type LabelSelector,
  type Pod,
  type PodAffinity,
  type PodAffinityTerm,
} from '#api';
import type { RequestContext } from '../registry/rest.ts';

/** Writes into the selectors of a new pod which of its own labels others have to share, or not to share. */
export function mergeLabelKeys({ metadata, spec }: Pod): void {
  const { labels = {} } = metadata;
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  for (const { labelSelector, matchLabelKeys, mismatchLabelKeys } of [
    ...termsOf(podAffinity),
    ...termsOf(podAntiAffinity),
  ]) {
    addKeys(labelSelector, matchLabelKeys, 'In', labels);
    addKeys(labelSelector, mismatchLabelKeys, 'NotIn', labels);
  }
  for (const { labelSelector, matchLabelKeys } of spec.topologySpreadConstraints ?? []) {
    addKeys(labelSelector, matchLabelKeys, 'In', labels);
  }
}

function termsOf(affinity: PodAffinity = {}): PodAffinityTerm[] {
  const {
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
    requiredDuringSchedulingIgnoredDuringExecution: required = [],
  } = affinity;
  return [...preferred.map(({ podAffinityTerm }) => podAffinityTerm), ...required];
}

/** Without a selector there is nothing to narrow: it selects nothing. */
function addKeys(
  selector: LabelSelector | undefined,
  keys: readonly string[] = [],
  operator: 'In' | 'NotIn',
  labels: Readonly<Record<string, string>>,
): void {
  if (!selector) return;
  for (const key of keys) {
    const value = labels[key];
    if (value === undefined) continue;
    selector.matchExpressions = [...(selector.matchExpressions ?? []), { key, operator, values: [value] }];
  }
}

/**
 * What confined the containers of a new pod before there was a field for it is copied into the field, and its writer is
 * told (`applyAppArmorVersionSkew` of `pkg/registry/core/pod/strategy.go`).
 */
export function confineByAnnotations({ metadata, spec }: Pod, context: RequestContext): void {
  const { annotations = {} } = metadata;
  if (spec.os?.name === 'windows') return;
  const ofPod = spec.securityContext?.appArmorProfile;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    const key = appArmorAnnotation + container.name;
    const annotation = annotations[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile) continue;
    const profile = appArmorProfileOf(annotation);
    if (profile && isEqualJson(profile, ofPod)) continue;
    if (profile) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    const at = FieldPath.of('metadata', 'annotations').key(key).toString();
    context.warn(`${at}: deprecated since v1.30; use the "appArmorProfile" field instead`);
  }
}
