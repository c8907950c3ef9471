import type { MatchResources } from './match.ts';
import type { MutatingAdmissionPolicyBinding } from './mutating-admission-policy-binding.ts';
import type { MutatingAdmissionPolicy } from './mutating-admission-policy.ts';
import type { ValidatingAdmissionPolicyBinding } from './validating-admission-policy-binding.ts';
import type { ValidatingAdmissionPolicy } from './validating-admission-policy.ts';
import { setScopes } from './webhook-configuration-defaults.ts';

/** Fills in what a policy leaves unsaid (`pkg/apis/admissionregistration/v1/defaults.go`). */
export function setPolicyDefaults({ spec }: ValidatingAdmissionPolicy | MutatingAdmissionPolicy): void {
  spec.failurePolicy ??= 'Fail';
  if (spec.matchConstraints) setMatchDefaults(spec.matchConstraints);
}

/** Fills in what a binding leaves unsaid. */
export function setBindingDefaults({ spec }: ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding): void {
  if (spec.matchResources) setMatchDefaults(spec.matchResources);
}

function setMatchDefaults(match: MatchResources): void {
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  setScopes(match.resourceRules);
  setScopes(match.excludeResourceRules);
}
