import { resource } from '#machinery';
import { DaemonSet } from './daemon-set.ts';
import { daemonSetColumns } from './daemon-set-columns.ts';
import { setDaemonSetDefaults } from './daemon-set-defaults.ts';
import { validateDaemonSet } from './daemon-set-validation.ts';
import { validateDaemonSetStatus } from './status-validation.ts';
import { warnOfDaemonSet } from './workload-warnings.ts';

export const daemonSets = resource({
  group: 'apps',
  version: 'v1',
  kind: DaemonSet,
  plural: 'daemonsets',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validateDaemonSetStatus } },
  columns: daemonSetColumns,
  setDefaults: setDaemonSetDefaults,
  validate: validateDaemonSet,
  warn: warnOfDaemonSet,
});
