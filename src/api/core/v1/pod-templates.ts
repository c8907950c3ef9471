import { FieldPath, resource } from '#machinery';
import { setPodSpecDefaults } from './pod-defaults.ts';
import { PodTemplate } from './pod-template.ts';
import { podTemplateColumns } from './replication-controller-columns.ts';
import { validatePodTemplate } from './validation/pod-template.ts';
import { warnOfPodTemplate } from './warnings/pod.ts';
import { isSameWish } from './warnings/workload.ts';

const path = FieldPath.of('template');

export const podTemplates = resource({
  group: '',
  version: 'v1',
  kind: PodTemplate,
  plural: 'podtemplates',
  namespaced: true,
  columns: podTemplateColumns,
  setDefaults: ({ template }) => setPodSpecDefaults(template.spec),
  validate: ({ template }, errors) => validatePodTemplate(template, errors, path),
  warn(podTemplate, warnings, old) {
    if (!old || !isSameWish(podTemplate, old)) warnOfPodTemplate(podTemplate.template, warnings, path);
  },
});
