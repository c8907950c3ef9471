import { resource } from '#machinery';
import { validatingAdmissionPolicyColumns } from './columns.ts';
import { setPolicyDefaults } from './policy-defaults.ts';
import {
  validateValidatingAdmissionPolicy,
  validateValidatingAdmissionPolicyStatus,
} from './validating-admission-policy-validation.ts';
import { ValidatingAdmissionPolicy } from './validating-admission-policy.ts';

export const validatingAdmissionPolicies = resource({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: ValidatingAdmissionPolicy,
  plural: 'validatingadmissionpolicies',
  namespaced: false,
  takesAnyFinalizer: true,
  categories: ['api-extensions'],
  subresources: {
    status: { verbs: ['get', 'patch', 'update'], validate: validateValidatingAdmissionPolicyStatus },
  },
  columns: validatingAdmissionPolicyColumns,
  setDefaults: setPolicyDefaults,
  validate: validateValidatingAdmissionPolicy,
});
