import { ageColumn, nameColumn, resource } from '#machinery';
import { ResourceClaimTemplate } from './resource-claim-template.ts';
import { setResourceClaimTemplateDefaults } from './resource-claim-defaults.ts';
import { validateResourceClaimTemplate } from './resource-claim-validation.ts';

export const resourceClaimTemplates = resource({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: ResourceClaimTemplate,
  plural: 'resourceclaimtemplates',
  namespaced: true,
  setDefaults: setResourceClaimTemplateDefaults,
  columns: [nameColumn, ageColumn],
  validate: validateResourceClaimTemplate,
});
