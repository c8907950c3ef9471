import { FieldPath, resource } from '#machinery';
import { setPodSpecDefaults } from './pod-defaults.ts';
import { PodTemplate } from './pod-template.ts';
import { podTemplateColumns } from './replication-controller-columns.ts';
import { validatePodTemplate } from './validation/pod-template.ts';

export const podTemplates = resource({
  group: '',
  version: 'v1',
  kind: PodTemplate,
  plural: 'podtemplates',
  namespaced: true,
  columns: podTemplateColumns,
  setDefaults: ({ template }) => setPodSpecDefaults(template.spec),
  validate: ({ template }, errors) => validatePodTemplate(template, errors, FieldPath.of('template')),
});
