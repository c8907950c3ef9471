import { resource } from '#machinery';
import { policyBindingColumns } from './columns.ts';
import { validateValidatingPolicyBinding } from './policy-binding-validation.ts';
import { setBindingDefaults } from './policy-defaults.ts';
import { ValidatingAdmissionPolicyBinding } from './validating-admission-policy-binding.ts';

export const validatingAdmissionPolicyBindings = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: ValidatingAdmissionPolicyBinding,
  plural: 'validatingadmissionpolicybindings',
  namespaced: false,
  takesAnyFinalizer: true,
  categories: ['api-extensions'],
  columns: policyBindingColumns,
  setDefaults: setBindingDefaults,
  validate: validateValidatingPolicyBinding,
});
