import { resource } from '#machinery';
import { PriorityLevelConfiguration } from './priority-level-configuration.ts';
import { priorityLevelConfigurationColumns } from './priority-level-configuration-columns.ts';
import { setPriorityLevelConfigurationDefaults } from './priority-level-configuration-defaults.ts';
import {
  validatePriorityLevelConfiguration,
  validatePriorityLevelConfigurationStatus,
} from './priority-level-configuration-validation.ts';

export const priorityLevelConfigurations = resource({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: PriorityLevelConfiguration,
  plural: 'prioritylevelconfigurations',
  namespaced: false,
  subresources: { status: { verbs: ['get', 'patch', 'update'], validate: validatePriorityLevelConfigurationStatus } },
  columns: priorityLevelConfigurationColumns,
  setDefaults: setPriorityLevelConfigurationDefaults,
  validate: validatePriorityLevelConfiguration,
});
