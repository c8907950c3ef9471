import { resource } from '#machinery';
import { ServiceCIDR } from './service-cidr.ts';
import { serviceCIDRColumns } from './service-cidr-columns.ts';
import { validateServiceCIDR } from './service-cidr-validation.ts';

export const serviceCIDRs = resource({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: ServiceCIDR,
  plural: 'servicecidrs',
  namespaced: false,
  subresources: { status: { verbs: ['get', 'patch', 'update'] } },
  columns: serviceCIDRColumns,
  validate: validateServiceCIDR,
});
