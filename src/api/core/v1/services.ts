import { resource } from '#machinery';
import { ServiceProxyOptions } from './connect-options.ts';
import { Service } from './service.ts';
import { serviceColumns } from './service-columns.ts';
import { setServiceDefaults } from './service-defaults.ts';
import { validateService } from './service-validation.ts';
import { warnOfService } from './service-warnings.ts';

export const services = resource({
  group: '',
  version: 'v1',
  kind: Service,
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  nameRule: 'dnsLabel',
  subresources: {
    status: { verbs: ['get', 'patch', 'update'] },
    proxy: {
      kind: { group: '', version: 'v1', kind: ServiceProxyOptions },
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
    },
  },
  columns: serviceColumns,
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
    'spec.type': ({ spec }) => spec.type ?? '',
  },
  setDefaults: setServiceDefaults,
  validate: validateService,
  warn: warnOfService,
});
