import { resource } from '#machinery';
import { Scale } from '../../autoscaling/v1/scale.ts';
import { replicationControllerColumns } from './replication-controller-columns.ts';
import { setReplicationControllerDefaults } from './replication-controller-defaults.ts';
import { validateReplicationController } from './replication-controller-validation.ts';
import { ReplicationController } from './replication-controller.ts';
import { warnOfWorkload } from './warnings/workload.ts';

export const replicationControllers = resource({
  group: '',
  version: 'v1',
  kind: ReplicationController,
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    scale: { kind: { group: 'autoscaling', version: 'v1', kind: Scale }, verbs: ['get', 'patch', 'update'] },
    status: { verbs: ['get', 'patch', 'update'] },
  },
  columns: replicationControllerColumns,
  selectableFields: { 'status.replicas': ({ status }) => String(status.replicas) },
  setDefaults: setReplicationControllerDefaults,
  validate: validateReplicationController,
  warn: warnOfWorkload,
});
