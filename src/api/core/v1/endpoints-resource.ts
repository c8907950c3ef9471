import { resource } from '#machinery';
import { Endpoints } from './endpoints.ts';
import { endpointsColumns } from './endpoints-columns.ts';
import { setEndpointsDefaults } from './endpoints-defaults.ts';
import { validateEndpoints } from './endpoints-validation.ts';
import { warnOfEndpoints } from './warnings/endpoints.ts';

export const endpoints = resource({
  group: '',
  version: 'v1',
  kind: Endpoints,
  plural: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  columns: endpointsColumns,
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  setDefaults: setEndpointsDefaults,
  validate: validateEndpoints,
  warn: warnOfEndpoints,
});
