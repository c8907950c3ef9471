import { resource } from '#machinery';
import { APIService } from './api-service.ts';
import { apiServiceColumns } from './api-service-columns.ts';
import { setAPIServiceDefaults } from './api-service-defaults.ts';
import { validateAPIService, validateAPIServiceStatus } from './api-service-validation.ts';

export const apiServices = resource({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: APIService,
  plural: 'apiservices',
  categories: ['api-extensions'],
  namespaced: false,
  takesAnyFinalizer: true,
  nameRule: 'pathSegment',
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validateAPIServiceStatus } },
  columns: apiServiceColumns,
  setDefaults: setAPIServiceDefaults,
  validate: validateAPIService,
});
