import { resource } from '#machinery';
import { Scale } from '../../autoscaling/v1/scale.ts';
import { StatefulSet } from './stateful-set.ts';
import { statefulSetColumns } from './stateful-set-columns.ts';
import { setStatefulSetDefaults } from './stateful-set-defaults.ts';
import { validateStatefulSet } from './stateful-set-validation.ts';
import { validateStatefulSetStatus } from './status-validation.ts';
import { warnOfStatefulSet } from './workload-warnings.ts';

export const statefulSets = resource({
  group: 'apps',
  version: 'v1',
  kind: StatefulSet,
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  // The pods are named after it, and their names are names of hosts.
  nameRule: 'dnsLabel',
  subresources: {
    scale: { kind: { group: 'autoscaling', version: 'v1', kind: Scale }, verbs: ['get', 'patch', 'update'] },
    status: { verbs: ['get', 'patch', 'update'], validate: validateStatefulSetStatus },
  },
  columns: statefulSetColumns,
  setDefaults: setStatefulSetDefaults,
  validate: validateStatefulSet,
  warn: warnOfStatefulSet,
});
