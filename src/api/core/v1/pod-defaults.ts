import { containerAmounts } from '../../quota/pod-amounts.ts';
import { setContainerDefaults } from './container-defaults.ts';
import type { Container } from './container.ts';
import type { PodSpec } from './pod-spec.ts';
import type { PodStatus } from './pod-status.ts';
import type { Pod } from './pod.ts';
import type { ResourceRequirements } from './resources.ts';
import { isHugePages } from './validation/resource-names.ts';
import { setVolumeDefaults } from './volume-defaults.ts';

const graceSeconds = 30;

/** Fills in what a pod leaves unsaid (`pkg/apis/core/v1/defaults.go`). */
export function setPodDefaults(pod: Pod): void {
  const { spec } = pod;
  setPodSpecDefaults(spec);
  // These belong to pods and not to templates, whose stored form must not change.
  spec.enableServiceLinks ??= true;
  // Negative times are of old; they are read as the least that there is (`pkg/apis/core/v1/conversion.go`).
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    requestLimits(container);
    if (spec.hostNetwork) useHostPorts(container);
  }
  if (spec.resources) setTotals(spec, spec.resources);
  if (pod.status) agreeOnIps(pod.status);
}

/** Fills in what the spec of a pod or of a template leaves unsaid. */
export function setPodSpecDefaults(spec: PodSpec): void {
  spec.restartPolicy ||= 'Always';
  spec.terminationGracePeriodSeconds ??= graceSeconds;
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.securityContext ??= {};
  spec.schedulerName ||= 'default-scheduler';
  nameServiceAccount(spec);
  for (const container of spec.initContainers ?? []) setContainerDefaults(container);
  for (const container of spec.containers) setContainerDefaults(container);
  for (const container of spec.ephemeralContainers ?? []) setContainerDefaults(container);
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume);
}

/** The old name of the field says what the new one says (`pkg/apis/core/v1/conversion.go`). */
function nameServiceAccount(spec: PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (!name) return;
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
}

/** What is limited and not requested is requested in full. */
function requestLimits({ resources }: Container): void {
  if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests };
}

/** In the node's network a port is the node's. */
function useHostPorts({ ports = [] }: Container): void {
  for (const port of ports) port.hostPort ||= port.containerPort;
}

/** Old kubelets know of one address: what they say of it goes before the list (`pkg/apis/core/v1/conversion.go`). */
function agreeOnIps(status: PodStatus): void {
  const { podIP, podIPs = [] } = status;
  if (podIP && podIPs[0]?.ip !== podIP) status.podIPs = [{ ip: podIP }];
  else if (podIPs[0]) status.podIP = podIPs[0].ip;
}

/** What is told of the pod as a whole is made complete by what its containers say, where it is told in part. */
function setTotals(spec: PodSpec, resources: ResourceRequirements): void {
  const { limits = {}, requests = {} } = resources;
  if (isEmpty(limits) && isEmpty(requests)) return;
  for (const [name, total] of Object.entries(containerAmounts(spec, 'limits'))) {
    if (isHugePages(name) && !(name in requests)) limits[name] ??= total.toString();
  }
  if (isEmpty(limits)) return;
  for (const [name, total] of Object.entries(containerAmounts(spec, 'requests'))) {
    if (name === 'cpu' || name === 'memory') requests[name] ??= total.toString();
  }
  resources.limits = limits;
  resources.requests = { ...limits, ...requests };
}

function isEmpty(amounts: Readonly<Record<string, string>>): boolean {
  return Object.keys(amounts).length === 0;
}
