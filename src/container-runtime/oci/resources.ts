import type { LinuxContainerResources } from '#cri';
import type { Resources } from './types.ts';

/** The limits of CRI in the words of OCI; zero means not limited. */
export function specResources(wanted: Partial<LinuxContainerResources> = {}): Resources {
  const memory = {
    ...(wanted.memoryLimitInBytes && { limit: wanted.memoryLimitInBytes }),
    ...(wanted.memorySwapLimitInBytes && { swap: wanted.memorySwapLimitInBytes }),
  };
  const cpu = {
    ...(wanted.cpuShares && { shares: wanted.cpuShares }),
    ...(wanted.cpuQuota && { quota: wanted.cpuQuota }),
    ...(wanted.cpuPeriod && { period: wanted.cpuPeriod }),
    ...(wanted.cpusetCpus && { cpus: wanted.cpusetCpus }),
    ...(wanted.cpusetMems && { mems: wanted.cpusetMems }),
  };
  return {
    ...(Object.keys(memory).length > 0 && { memory }),
    ...(Object.keys(cpu).length > 0 && { cpu }),
    ...(wanted.hugepageLimits?.some(({ limit }) => limit > 0) && { hugepageLimits: wanted.hugepageLimits }),
    ...(Object.keys(wanted.unified ?? {}).length > 0 && { unified: wanted.unified }),
  };
}

/** What is in force after an update: what the update leaves out stays. */
export function mergeResources(
  old: LinuxContainerResources,
  update: Partial<LinuxContainerResources>,
): LinuxContainerResources {
  const given = Object.entries(update).filter(([key, value]) => value && key !== 'unified' && key !== 'hugepageLimits');
  return { ...old, ...Object.fromEntries(given), unified: { ...old.unified, ...update.unified } };
}
