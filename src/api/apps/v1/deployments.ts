import { resource } from '#machinery';
import { Scale } from '../../autoscaling/v1/scale.ts';
import { Deployment } from './deployment.ts';
import { deploymentColumns } from './deployment-columns.ts';
import { setDeploymentDefaults } from './deployment-defaults.ts';
import { validateDeployment } from './deployment-validation.ts';
import { validateDeploymentStatus } from './status-validation.ts';
import { warnOfWorkload } from '../../core/v1/warnings/workload.ts';

export const deployments = resource({
  group: 'apps',
  version: 'v1',
  kind: Deployment,
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    scale: { kind: { group: 'autoscaling', version: 'v1', kind: Scale }, verbs: ['get', 'patch', 'update'] },
    status: { verbs: ['get', 'patch', 'update'], validate: validateDeploymentStatus },
  },
  columns: deploymentColumns,
  setDefaults: setDeploymentDefaults,
  validate: validateDeployment,
  warn: warnOfWorkload,
});
