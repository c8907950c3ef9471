import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod, Secret } from '#api';
import { isStatusError } from '#machinery';
import type { EnvContext } from '../env/container-env.ts';
import { serviceVariables, visibleServices } from '../env/service-env.ts';
import { podHostname } from '../network/hostname.ts';
import { hostsFile } from '../network/hosts-file.ts';
import { podLogDirectory } from '../runtime/sandbox-config.ts';
import { runAsUser } from '../runtime/security-context.ts';
import type { VolumePaths } from '../volumes/volume-manager.ts';
import { initContainers } from './containers.ts';
import { podEvents } from './events.ts';
import type { NodeServices } from './node-services.ts';

/** Makes the directories of a pod. */
export async function makePodDirectories(pod: Pod, services: NodeServices): Promise<void> {
  const directory = services.volumes.podDirectory(pod.metadata.uid ?? '');
  await mkdir(join(directory, 'volumes'), { recursive: true, mode: 0o750 });
  await mkdir(podLogDirectory(services.node.logDirectory, pod), { recursive: true });
}

/** Makes or refreshes the volumes of a pod. */
export async function prepareVolumes(
  pod: Pod,
  podIps: readonly string[],
  services: NodeServices,
): Promise<VolumePaths> {
  const { node, volumes, objects, tokens, recorder } = services;
  const context = {
    pod,
    nodeName: node.name,
    hostIps: node.hostIps,
    podIps,
    objects: objects.readerFor(pod.metadata.uid ?? ''),
    tokens,
    allocatable: node.allocatable,
    user: commonUser(pod),
  };
  return volumes.prepare(pod, context, podEvents(recorder, pod));
}

/** The user that all containers are told to run as; undefined when they differ or are not told. */
function commonUser(pod: Pod): number | undefined {
  const users = new Set([...initContainers(pod), ...pod.spec.containers].map((container) => runAsUser(pod, container)));
  const [user] = users;
  return users.size === 1 ? user : undefined;
}

/** The secrets to pull images with; those that are missing are told of, once a sync, and done without. */
export async function pullSecrets(pod: Pod, services: NodeServices): Promise<Secret[]> {
  const reader = services.objects.readerFor(pod.metadata.uid ?? '');
  const missing: string[] = [];
  const found: Secret[] = [];
  for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
    try {
      found.push(await reader.secret(pod.metadata.namespace ?? '', name));
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
      missing.push(name);
    }
  }
  if (missing.length > 0) {
    const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
    podEvents(services.recorder, pod).warning('FailedToRetrieveImagePullSecret', message);
  }
  return found;
}

/** What the environments of the pod's containers are made from. */
export async function envContext(pod: Pod, podIps: readonly string[], services: NodeServices): Promise<EnvContext> {
  const { node, objects, recorder } = services;
  const all = await services.services(pod);
  const visible = visibleServices(all, pod.metadata.namespace ?? '', pod.spec.enableServiceLinks !== false);
  return {
    pod,
    nodeName: node.name,
    hostIps: node.hostIps,
    podIps,
    objects: objects.readerFor(pod.metadata.uid ?? ''),
    services: serviceVariables(visible),
    allocatable: node.allocatable,
    invalidNames: (kind, name, keys) => {
      const what = `Keys [${keys.join(', ')}] from the EnvFrom ${kind} ${name}`;
      const message = `${what} were skipped since they are considered invalid environment variable names.`;
      podEvents(recorder, pod).warning('InvalidEnvironmentVariableNames', message);
    },
  };
}

/** Writes the pod's /etc/hosts; returns its path, undefined for a pod that has no address yet. */
export async function writeHosts(
  pod: Pod,
  podIps: readonly string[],
  services: NodeServices,
): Promise<string | undefined> {
  if (podIps.length === 0 && !pod.spec.hostNetwork) return undefined;
  const { node, volumes } = services;
  const { hostname, domain } = podHostname(pod, node.dns.clusterDomain, node.name);
  const hostFile = pod.spec.hostNetwork ? await readFile('/etc/hosts', 'utf8').catch(() => '') : undefined;
  const path = join(volumes.podDirectory(pod.metadata.uid ?? ''), 'etc-hosts');
  const aliases = pod.spec.hostAliases ?? [];
  await writeFile(path, hostsFile({ podIps, hostname, domain, aliases, ...(hostFile !== undefined && { hostFile }) }));
  return path;
}
