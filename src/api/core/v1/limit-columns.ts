import { ageColumn, nameColumn, type Column } from '#machinery';
import type { ComponentStatus } from './component-status.ts';
import type { LimitRange } from './limit-range.ts';
import type { ResourceQuota } from './resource-quota.ts';

/** What `kubectl get limitranges` shows. */
export const limitRangeColumns: readonly Column<LimitRange>[] = [
  nameColumn,
  {
    name: 'Created At',
    type: 'date',
    description: 'When it was created.',
    cell: ({ metadata }) => metadata.creationTimestamp ?? null,
  },
];

/** What `kubectl get resourcequotas` shows: used and allowed, limits apart from the rest. */
export const resourceQuotaColumns: readonly Column<ResourceQuota>[] = [
  nameColumn,
  {
    name: 'Request',
    type: 'string',
    description: 'What is requested, and what may be.',
    cell: (quota) => usage(quota, (name) => !name.startsWith('limits.')),
  },
  {
    name: 'Limit',
    type: 'string',
    description: 'How high the limits are, and may be.',
    cell: (quota) => usage(quota, (name) => name.startsWith('limits.')),
  },
  ageColumn,
];

function usage({ status: { hard = {}, used = {} } }: ResourceQuota, isShown: (name: string) => boolean): string {
  const names = Object.keys(hard).filter(isShown).sort();
  return names.map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`).join(', ');
}

const healthy = ({
  conditions = [],
}: ComponentStatus): NonNullable<ComponentStatus['conditions']>[number] | undefined =>
  conditions.find(({ type }) => type === 'Healthy');

/** What `kubectl get componentstatuses` shows. */
export const componentStatusColumns: readonly Column<ComponentStatus>[] = [
  nameColumn,
  {
    name: 'Status',
    type: 'string',
    description: 'Whether it is well.',
    cell: (component) => {
      const condition = healthy(component);
      if (!condition) return 'Unknown';
      return condition.status === 'True' ? 'Healthy' : 'Unhealthy';
    },
  },
  { name: 'Message', type: 'string', description: 'What it said.', cell: (one) => healthy(one)?.message ?? '' },
  { name: 'Error', type: 'string', description: 'What is wrong.', cell: (one) => healthy(one)?.error ?? '' },
];
