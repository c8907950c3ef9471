import { resource } from '#machinery';
import { CustomResourceDefinition } from './custom-resource-definition.ts';
import { setCustomResourceDefinitionDefaults } from './custom-resource-definition-defaults.ts';
import {
  validateCustomResourceDefinition,
  validateCustomResourceDefinitionStatus,
} from './custom-resource-definition-validation.ts';

export const customResourceDefinitions = resource({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: CustomResourceDefinition,
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  takesAnyFinalizer: true,
  subresources: {
    status: { verbs: ['get', 'patch', 'update'], validate: validateCustomResourceDefinitionStatus },
  },
  setDefaults: setCustomResourceDefinitionDefaults,
  validate: validateCustomResourceDefinition,
});
