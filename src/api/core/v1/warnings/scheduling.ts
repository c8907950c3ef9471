import { isValidLabelValue, type FieldPath, type Warnings } from '#machinery';
import type { NodeAffinity, PodAffinity, PodAffinityTerm } from '../affinity.ts';
import type { PodSpec } from '../pod-spec.ts';
import { nodeLabelWarning, warnOfExpressions } from './node-labels.ts';

const noPods = 'a null labelSelector results in matching no pod';

/** Which nodes a pod wants, by labels whose time is over. */
export function warnOfNodes(spec: PodSpec, warnings: Warnings, path: FieldPath): void {
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const why = nodeLabelWarning(key);
    if (why !== undefined) warnings.at(path.child('nodeSelector').key(key), why);
  }
  const { nodeAffinity } = spec.affinity ?? {};
  if (nodeAffinity) warnOfNodeAffinity(nodeAffinity, warnings, path.child('affinity', 'nodeAffinity'));
  if (!spec.topologySpreadConstraints) return;
  const constraints = path.child('topologySpreadConstraints');
  for (const [at, { topologyKey, labelSelector }] of spec.topologySpreadConstraints.entries()) {
    const why = nodeLabelWarning(topologyKey);
    if (why !== undefined) warnings.at(constraints.index(at).child('topologyKey'), `${topologyKey} is ${why}`);
    if (!labelSelector) warnings.at(constraints.index(at).child('labelSelector'), noPods);
  }
}

function warnOfNodeAffinity(affinity: NodeAffinity, warnings: Warnings, path: FieldPath): void {
  const required = path.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
  const { nodeSelectorTerms = [] } = affinity.requiredDuringSchedulingIgnoredDuringExecution ?? {};
  for (const [at, { matchExpressions }] of nodeSelectorTerms.entries()) {
    warnOfExpressions(matchExpressions, warnings, required.index(at).child('matchExpressions'));
  }
  const preferred = path.child('preferredDuringSchedulingIgnoredDuringExecution');
  for (const [at, term] of (affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    const expressions = preferred.index(at).child('preference', 'matchExpressions');
    const { matchExpressions = [] } = term.preference;
    warnOfExpressions(matchExpressions, warnings, expressions);
    for (const [index, { values = [] }] of matchExpressions.entries()) {
      warnOfValues(values, warnings, expressions.index(index).child('values'));
    }
  }
}

/** A preference that no label can meet is not refused, unlike a demand. */
function warnOfValues(values: readonly string[], warnings: Warnings, path: FieldPath): void {
  for (const [at, value] of values.entries()) {
    for (const why of isValidLabelValue(value)) warnings.at(path.index(at), `${value} is invalid, ${why}`);
  }
}

/** Which pods a pod wants to be near to, or far from. */
export function warnOfPodAffinity({ affinity }: PodSpec, warnings: Warnings, path: FieldPath): void {
  if (!affinity) return;
  for (const field of ['podAffinity', 'podAntiAffinity'] as const) {
    const terms = affinity[field];
    if (terms) warnOfTerms(terms, warnings, path.child('affinity', field));
  }
}

function warnOfTerms(affinity: PodAffinity, warnings: Warnings, path: FieldPath): void {
  const warn = ({ labelSelector }: PodAffinityTerm, at: FieldPath): void => {
    if (!labelSelector) warnings.at(at.child('labelSelector'), noPods);
  };
  const required = path.child('requiredDuringSchedulingIgnoredDuringExecution');
  for (const [at, term] of (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    warn(term, required.index(at));
  }
  const preferred = path.child('preferredDuringSchedulingIgnoredDuringExecution');
  for (const [at, term] of (affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    warn(term.podAffinityTerm, preferred.index(at).child('podAffinityTerm'));
  }
}
