import { resource } from '#machinery';
import { EndpointSlice } from './endpoint-slice.ts';
import { endpointSliceColumns } from './endpoint-slice-columns.ts';
import { setEndpointSliceDefaults } from './endpoint-slice-defaults.ts';
import { validateEndpointSlice } from './endpoint-slice-validation.ts';
import { warnOfEndpointSlice } from './endpoint-slice-warnings.ts';

export const endpointSlices = resource({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: EndpointSlice,
  plural: 'endpointslices',
  namespaced: true,
  columns: endpointSliceColumns,
  setDefaults: setEndpointSliceDefaults,
  validate: validateEndpointSlice,
  warn: warnOfEndpointSlice,
});
