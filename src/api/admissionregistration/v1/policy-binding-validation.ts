import { FieldPath, isDns1123Subdomain, type FieldErrors } from '#machinery';
import type { MutatingAdmissionPolicyBinding } from './mutating-admission-policy-binding.ts';
import type { ValidatingAdmissionPolicyBinding } from './validating-admission-policy-binding.ts';
import { validateMatchResources } from './validation/match.ts';
import { validateParamRef } from './validation/params.ts';

const path = FieldPath.of('spec');

/** The rules of bindings (`pkg/apis/admissionregistration/validation/validation.go`). */
export function validatePolicyBinding(
  { spec }: ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding,
  errors: FieldErrors,
): void {
  const { policyName = '', paramRef, matchResources } = spec;
  const at = path.child('policyName');
  if (policyName === '') errors.required(at);
  else for (const why of isDns1123Subdomain(policyName)) errors.invalid(at, policyName, why);
  if (paramRef) validateParamRef(paramRef, errors, path.child('paramRef'));
  // Upstream spells the field so.
  if (matchResources) validateMatchResources(matchResources, errors, path.child('matchResources'));
}

/** A binding of rules also says what becomes of those who do not obey. */
export function validateValidatingPolicyBinding(binding: ValidatingAdmissionPolicyBinding, errors: FieldErrors): void {
  validatePolicyBinding(binding, errors);
  // Go leaves an empty list out, though it is required.
  const actions = binding.spec.validationActions ?? [];
  const at = path.child('validationActions');
  if (actions.length === 0) errors.required(at, 'at least one validation action is required');
  for (const [index, action] of actions.entries()) {
    if (actions.indexOf(action) < index) errors.duplicate(at.index(index), action);
  }
  if (!actions.includes('Deny') || !actions.includes('Warn')) return;
  const why =
    'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
  errors.invalid(at, actions, why);
}
