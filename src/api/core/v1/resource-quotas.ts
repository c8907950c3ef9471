import { resource } from '#machinery';
import { resourceQuotaColumns } from './limit-columns.ts';
import { validateResourceQuota } from './resource-quota-validation.ts';
import { ResourceQuota } from './resource-quota.ts';
import { warnOfResourceQuota } from './warnings/resource-quota.ts';

export const resourceQuotas = resource({
  group: '',
  version: 'v1',
  kind: ResourceQuota,
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'] } },
  columns: resourceQuotaColumns,
  validate: validateResourceQuota,
  warn: warnOfResourceQuota,
});
