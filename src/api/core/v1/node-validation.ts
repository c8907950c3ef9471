import { isIPv6 } from 'node:net';
import { FieldPath, isEqualJson, isValidLabelValue, type FieldErrors } from '#machinery';
import { validateCidr } from '../../meta/v1/ip-validation.ts';
import { validateQualifiedName } from '../../meta/v1/label-validation.ts';
import type { Node } from './node.ts';
import type { Taint } from './taint.ts';
import { validateAmount } from './validation/container-resources.ts';

const spec = FieldPath.of('spec');
const status = FieldPath.of('status');
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** The rules of nodes (`pkg/apis/core/validation/validation.go`). */
export function validateNode(node: Node, errors: FieldErrors, old?: Node): void {
  // Upstream looks for the taints below the metadata.
  validateTaints(node.spec.taints ?? [], errors, FieldPath.of('metadata', 'taints'));
  for (const field of ['capacity', 'allocatable'] as const) {
    for (const [name, amount] of Object.entries(node.status[field] ?? {})) {
      validateAmount(name, amount, errors, status.child(field, name));
    }
  }
  validatePodCidrs(node.spec.podCIDRs ?? [], errors);
  validateFeatures(node.status.declaredFeatures ?? [], errors);
  if (old) validateUpdate(node, old, errors);
}

const maxFeatureLength = 253;

/** What the kubelet can do: sorted, each once. */
function validateFeatures(features: readonly string[], errors: FieldErrors): void {
  for (const [at, feature] of features.entries()) {
    const path = status.child('declaredFeatures').index(at);
    const what = `invalid feature name ${JSON.stringify(feature)}`;
    const before = features[at - 1];
    if (before === feature) errors.duplicate(path, feature);
    else if (before !== undefined && before > feature)
      errors.invalid(path, feature, 'list must be sorted alphabetically');
    if (feature.length > maxFeatureLength) {
      errors.invalid(path, feature, `${what}: must be no more than ${maxFeatureLength} characters`);
    } else if (!/^[A-Z][A-Za-z0-9]*(\/[A-Za-z][A-Za-z0-9]*)*$/.test(feature)) {
      const why =
        "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";
      errors.invalid(path, feature, `${what}: ${why}`);
    }
  }
}

function validateTaints(taints: readonly Taint[], errors: FieldErrors, path: FieldPath): void {
  for (const [at, taint] of taints.entries()) {
    const { key, value = '', effect } = taint;
    validateQualifiedName(key, errors, path.index(at).child('key'));
    const problems = isValidLabelValue(value);
    if (problems.length > 0) errors.invalid(path.index(at).child('value'), value, problems.join(';'));
    const here = path.index(at).child('effect');
    if (!effect) errors.required(here);
    else if (!effects.includes(effect)) errors.notSupported(here, effect, effects);
    const isRepeated = taints.slice(0, at).some((one) => one.key === key && one.effect === effect);
    if (isRepeated) errors.duplicate(path.index(at), taint, 'taints must be unique by key and effect pair');
  }
}

function validatePodCidrs(cidrs: readonly string[], errors: FieldErrors): void {
  const path = spec.child('podCIDRs');
  for (const [at, cidr] of cidrs.entries()) {
    validateCidr(cidr, errors, path.index(at));
  }
  const families = new Set(cidrs.map((cidr) => isIPv6(cidr.split('/')[0] ?? '')));
  if (cidrs.length > families.size) {
    errors.invalid(path, cidrs, 'may specify no more than one CIDR for each IP family');
  }
}

function validateUpdate(node: Node, old: Node, errors: FieldErrors): void {
  const { podCIDRs: before = [], providerID = '', externalID = '' } = old.spec;
  if (before.length > 0 && !isEqualJson(node.spec.podCIDRs, before)) {
    const why = 'node updates may not change podCIDR except from "" to valid';
    errors.forbidden(spec.child('podCIDRs'), why);
  }
  if (providerID !== '' && node.spec.providerID !== providerID) {
    const why = 'node updates may not change providerID except from "" to valid';
    errors.forbidden(spec.child('providerID'), why);
  }
  if ((node.spec.externalID ?? '') !== externalID) errors.forbidden(spec.child('externalID'), 'may not be updated');
  const addresses = node.status.addresses ?? [];
  for (const [at, address] of addresses.entries()) {
    const isRepeated = addresses.slice(0, at).some((one) => isEqualJson(one, address));
    if (isRepeated) errors.duplicate(status.child('addresses').index(at), address);
  }
}
