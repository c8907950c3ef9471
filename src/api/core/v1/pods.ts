import { resource } from '#machinery';
import { Eviction } from '../../policy/v1/eviction.ts';
import { Binding } from './binding.ts';
import { PodAttachOptions, PodExecOptions, PodPortForwardOptions, PodProxyOptions } from './connect-options.ts';
import { Pod } from './pod.ts';
import { podColumns } from './pod-columns.ts';
import { podFields } from './pod-fields.ts';
import { setPodDefaults } from './pod-defaults.ts';
import { validateEphemeralContainersUpdate } from './pod-ephemeral-containers-validation.ts';
import { validatePodResize } from './pod-resize-validation.ts';
import { validatePodStatus } from './pod-status-validation.ts';
import { validatePod } from './pod-validation.ts';
import { warnOfPod } from './warnings/pod.ts';

export const pods = resource({
  group: '',
  version: 'v1',
  kind: Pod,
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: {
    attach: { kind: { group: '', version: 'v1', kind: PodAttachOptions }, verbs: ['create', 'get'] },
    binding: { kind: { group: '', version: 'v1', kind: Binding }, verbs: ['create'] },
    ephemeralcontainers: { verbs: ['get', 'patch', 'update'], validate: validateEphemeralContainersUpdate },
    eviction: { kind: { group: 'policy', version: 'v1', kind: Eviction }, verbs: ['create'] },
    exec: { kind: { group: '', version: 'v1', kind: PodExecOptions }, verbs: ['create', 'get'] },
    log: { verbs: ['get'] },
    portforward: { kind: { group: '', version: 'v1', kind: PodPortForwardOptions }, verbs: ['create', 'get'] },
    proxy: {
      kind: { group: '', version: 'v1', kind: PodProxyOptions },
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
    },
    resize: { verbs: ['get', 'patch', 'update'], validate: validatePodResize },
    status: { verbs: ['get', 'patch', 'update'], validate: validatePodStatus },
  },
  columns: podColumns,
  selectableFields: podFields,
  setDefaults: setPodDefaults,
  validate: validatePod,
  warn: warnOfPod,
});
