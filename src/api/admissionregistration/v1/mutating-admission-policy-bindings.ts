import { resource } from '#machinery';
import { policyBindingColumns } from './columns.ts';
import { validatePolicyBinding } from './policy-binding-validation.ts';
import { setBindingDefaults } from './policy-defaults.ts';
import { MutatingAdmissionPolicyBinding } from './mutating-admission-policy-binding.ts';

export const mutatingAdmissionPolicyBindings = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: MutatingAdmissionPolicyBinding,
  plural: 'mutatingadmissionpolicybindings',
  namespaced: false,
  takesAnyFinalizer: true,
  categories: ['api-extensions'],
  columns: policyBindingColumns,
  setDefaults: setBindingDefaults,
  validate: validatePolicyBinding,
});
