import type { Pod } from '#api';
import { PodSandboxConfig, type Protocol } from '#cri';
import { join } from 'node:path';
import { kernelHostname } from '../network/hostname.ts';
import { podDns, type DnsContext } from '../network/resolv-conf.ts';
import { sandboxLabels } from './labels.ts';
import { sandboxSecurity } from './security-context.ts';
import { cpuQuota, cpuShares, podResources } from './linux-resources.ts';

export interface SandboxContext {
  readonly dns: DnsContext;
  readonly nodeName: string;
  readonly logDirectory: string;
  readonly cgroupParent: string;
}

/** `<logDirectory>/<namespace>_<name>_<uid>`. */
export function podLogDirectory(root: string, pod: Pod): string {
  return join(root, `${pod.metadata.namespace}_${pod.metadata.name}_${pod.metadata.uid}`);
}

/**
 * What the runtime needs to know to make a pod's sandbox.
 * @throws Error when the host name cannot be had
 */
export function sandboxConfig(pod: Pod, attempt: number, context: SandboxContext): PodSandboxConfig {
  const { name = '', namespace = '', uid = '' } = pod.metadata;
  const dns = podDns(pod, context.dns);
  const resources = podResources(pod);
  const sysctls = (pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value] as const);
  return PodSandboxConfig.of({
    metadata: { name, namespace, uid, attempt },
    hostname: pod.spec.hostNetwork ? '' : kernelHostname(pod, context.dns.clusterDomain, context.nodeName),
    logDirectory: podLogDirectory(context.logDirectory, pod),
    dnsConfig: { servers: [...dns.servers], searches: [...dns.searches], options: [...dns.options] },
    portMappings: portMappings(pod),
    labels: sandboxLabels(pod),
    annotations: pod.metadata.annotations ?? {},
    linux: {
      cgroupParent: context.cgroupParent,
      securityContext: sandboxSecurity(pod),
      sysctls: Object.fromEntries(sysctls),
      resources: {
        cpuShares: cpuShares(resources.milliCpu),
        cpuPeriod: 100_000,
        cpuQuota: cpuQuota(resources.milliCpuLimit),
        memoryLimitInBytes: resources.memoryLimit,
      },
    },
  });
}

type PortInit = { protocol: Protocol; containerPort: number; hostPort: number; hostIp: string };

function portMappings(pod: Pod): PortInit[] {
  if (pod.spec.hostNetwork) return [];
  return pod.spec.containers
    .concat(pod.spec.initContainers ?? [])
    .flatMap((container) => container.ports ?? [])
    .flatMap(({ protocol, containerPort, hostPort, hostIP = '' }) =>
      hostPort ? [{ protocol: protocolOf(protocol), containerPort, hostPort, hostIp: hostIP }] : [],
    );
}

function protocolOf(name: string | undefined): Protocol {
  return name === 'UDP' || name === 'SCTP' ? name : 'TCP';
}
