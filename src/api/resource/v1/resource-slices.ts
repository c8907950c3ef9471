import { resource } from '#machinery';
import { resourceSliceColumns } from './columns.ts';
import { ResourceSlice } from './resource-slice.ts';
import { validateResourceSlice } from './resource-slice-validation.ts';
import { warnOfResourceSlice } from './resource-slice-warnings.ts';

export const resourceSlices = resource({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: ResourceSlice,
  plural: 'resourceslices',
  namespaced: false,
  columns: resourceSliceColumns,
  selectableFields: {
    'spec.driver': ({ spec }) => spec.driver,
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
  },
  validate: validateResourceSlice,
  warn: warnOfResourceSlice,
});
