import { isDns1123Label, isDns1123Subdomain, isValidLabelValue, type FieldErrors, type FieldPath } from '#machinery';
import { validateLabelSelector, validateOperator, validateQualifiedName } from '../../../meta/v1/label-validation.ts';
import type {
  Affinity,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '../affinity.ts';
import { validateLabelKeys } from './label-keys.ts';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
const badWeight = 'must be in the range 1-100';

/** Which nodes, and which neighbours, a pod needs or likes. */
export function validateAffinity(affinity: Affinity, errors: FieldErrors, path: FieldPath): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
  if (nodeAffinity) validateNodeAffinity(nodeAffinity, errors, path.child('nodeAffinity'));
  if (podAffinity) validatePodAffinity(podAffinity, errors, path.child('podAffinity'));
  if (podAntiAffinity) validatePodAffinity(podAntiAffinity, errors, path.child('podAntiAffinity'));
}

function validateNodeAffinity(affinity: NodeAffinity, errors: FieldErrors, path: FieldPath): void {
  const must = affinity[required];
  if (must) validateNodeSelector(must, errors, path.child(required));
  for (const [index, { weight, preference }] of (affinity[preferred] ?? []).entries()) {
    const at = path.child(preferred).index(index);
    if (weight < 1 || weight > 100) errors.invalid(at.child('weight'), weight, badWeight);
    validateTerm(preference, false, errors, at.child('preference'));
  }
}

/** Nodes that are needed: by a pod, or by a volume. */
export function validateNodeSelector(
  { nodeSelectorTerms: terms }: NodeSelector,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const at = path.child('nodeSelectorTerms');
  if (terms.length === 0) errors.required(at, 'must have at least one node selector term');
  for (const [index, term] of terms.entries()) validateTerm(term, true, errors, at.index(index));
}

/** Values that no node can have are refused only where they are needed, as upstream has it. */
function validateTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  checksValues: boolean,
  errors: FieldErrors,
  path: FieldPath,
): void {
  for (const [at, one] of matchExpressions.entries()) {
    validateExpression(one, checksValues, errors, path.child('matchExpressions').index(at));
  }
  for (const [at, one] of matchFields.entries()) validateField(one, errors, path.child('matchFields').index(at));
}

function validateExpression(
  { key, operator, values = [] }: NodeSelectorRequirement,
  checksValues: boolean,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (operator === 'Gt' || operator === 'Lt') {
    const why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
    if (values.length !== 1) errors.required(path.child('values'), why);
  } else validateOperator(operator, values, errors, path);
  validateQualifiedName(key, errors, path.child('key'));
  if (!checksValues) return;
  for (const [at, value] of values.entries()) {
    for (const why of isValidLabelValue(value)) errors.invalid(path.child('values').index(at), value, why);
  }
}

function validateField(
  { key, operator, values = [] }: NodeSelectorRequirement,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.invalid(path.child('operator'), operator, 'not a valid selector operator');
  } else if (values.length !== 1) {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.required(path.child('values'), why);
  }
  if (key !== 'metadata.name') return errors.invalid(path.child('key'), key, 'not a valid field selector key');
  for (const [at, value] of values.entries()) {
    for (const why of isDns1123Subdomain(value)) errors.invalid(path.child('values').index(at), value, why);
  }
}

function validatePodAffinity(affinity: PodAffinity, errors: FieldErrors, path: FieldPath): void {
  for (const [at, term] of (affinity[required] ?? []).entries()) {
    validatePodTerm(term, errors, path.child(required).index(at));
  }
  for (const [at, { weight, podAffinityTerm }] of (affinity[preferred] ?? []).entries()) {
    const here = path.child(preferred).index(at);
    if (weight < 1 || weight > 100) errors.invalid(here.child('weight'), weight, badWeight);
    validatePodTerm(podAffinityTerm, errors, here.child('podAffinityTerm'));
  }
}

function validatePodTerm(term: PodAffinityTerm, errors: FieldErrors, path: FieldPath): void {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey } = term;
  validateLabelSelector(labelSelector, errors, path.child('labelSelector'));
  validateLabelSelector(namespaceSelector, errors, path.child('namespaceSelector'));
  for (const name of namespaces) {
    for (const why of isDns1123Label(name)) errors.invalid(path.child('namespace'), name, why);
  }
  validateLabelKeys(term, errors, path);
  if (topologyKey === '') errors.required(path.child('topologyKey'), 'can not be empty');
  validateQualifiedName(topologyKey, errors, path.child('topologyKey'));
}
