import { resource } from '#machinery';
import { Scale } from '../../autoscaling/v1/scale.ts';
import { ReplicaSet } from './replica-set.ts';
import { replicaSetColumns } from './replica-set-columns.ts';
import { setReplicaSetDefaults } from './replica-set-defaults.ts';
import { validateReplicaSet } from './replica-set-validation.ts';
import { validateReplicaSetStatus } from './status-validation.ts';
import { warnOfWorkload } from '../../core/v1/warnings/workload.ts';

export const replicaSets = resource({
  group: 'apps',
  version: 'v1',
  kind: ReplicaSet,
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    scale: { kind: { group: 'autoscaling', version: 'v1', kind: Scale }, verbs: ['get', 'patch', 'update'] },
    status: { verbs: ['get', 'patch', 'update'], validate: validateReplicaSetStatus },
  },
  columns: replicaSetColumns,
  setDefaults: setReplicaSetDefaults,
  validate: validateReplicaSet,
  warn: warnOfWorkload,
});
