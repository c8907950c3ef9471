import type { Pod } from './pod.ts';

/** What pods can be selected by (`pkg/registry/core/pod/strategy.go`). */
export const podFields: Readonly<Record<string, (pod: Pod) => string>> = {
  'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
  // An old name of `spec.nodeName`.
  'spec.host': ({ spec }) => spec.nodeName ?? '',
  'spec.restartPolicy': ({ spec }) => spec.restartPolicy ?? '',
  'spec.schedulerName': ({ spec }) => spec.schedulerName ?? '',
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
  'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
  'status.phase': ({ status }) => status.phase ?? '',
  'status.podIP': ({ status }) => status.podIPs?.[0]?.ip ?? status.podIP ?? '',
  'status.podIPs': () => '', // taken as a name, and equal to nothing
  'status.nominatedNodeName': ({ status }) => status.nominatedNodeName ?? '',
};
