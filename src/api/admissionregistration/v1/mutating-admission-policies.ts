import { resource } from '#machinery';
import { mutatingAdmissionPolicyColumns } from './columns.ts';
import { validateMutatingAdmissionPolicy } from './mutating-admission-policy-validation.ts';
import { setPolicyDefaults } from './policy-defaults.ts';
import { MutatingAdmissionPolicy } from './mutating-admission-policy.ts';

export const mutatingAdmissionPolicies = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: MutatingAdmissionPolicy,
  plural: 'mutatingadmissionpolicies',
  namespaced: false,
  takesAnyFinalizer: true,
  categories: ['api-extensions'],
  columns: mutatingAdmissionPolicyColumns,
  setDefaults: setPolicyDefaults,
  validate: validateMutatingAdmissionPolicy,
});
