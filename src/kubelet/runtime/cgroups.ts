import { access, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Pod } from '#api';
import { hasCode, type Clock } from '#base';
import { podCgroupPath } from './cgroup-path.ts';
import { cpuQuota, cpuShares, podResources, type PodResources } from './linux-resources.ts';

/** Where pods' cgroups are made and removed. Injected, so that tests and simulated nodes need none. */
export interface PodCgroups {
  /** Makes the pod's cgroup with its limits, or sets them anew; returns its path for the sandbox. */
  create(pod: Pod): Promise<string>;
  remove(pod: Pod): Promise<void>;
  /** Makes room for containers that are about to grow; `create` then sets the limits as they are to be. */
  widen(pod: Pod): Promise<void>;
  /** How cgroups are mounted: one tree of v2, or one of v1 for each controller. */
  version(): Promise<1 | 2>;
}

/** No cgroups at all: the runtime puts containers where it likes. */
export const noCgroups: PodCgroups = {
  create: () => Promise.resolve(''),
  remove: () => Promise.resolve(),
  widen: () => Promise.resolve(),
  version: () => Promise.resolve(1),
};

const v1Controllers = ['cpu', 'memory', 'pids'] as const;
/** What upstream's kubelet hands down, where the kernel has it (`pkg/kubelet/cm/cgroup_v2_manager_linux.go`). */
const v2Controllers = ['cpu', 'cpuset', 'hugetlb', 'memory', 'pids'];
const removeAttempts = 20;
const unlimited = -1;

/** Cgroups by the file system, v1 or v2, as the `cgroupfs` driver makes them. */
export class CgroupFs implements PodCgroups {
  readonly #mount: string;
  readonly #root: string;
  readonly #clock: Clock;
  #version: Promise<1 | 2> | undefined;

  constructor({ root, clock, mount = '/sys/fs/cgroup' }: { root: string; clock: Clock; mount?: string }) {
    this.#root = root;
    this.#clock = clock;
    this.#mount = mount;
  }

  async create(pod: Pod): Promise<string> {
    const path = podCgroupPath(this.#root, pod);
    const resources = podResources(pod);
    if ((await this.version()) === 2) await this.#createV2(path, resources);
    else await this.#createV1(path, resources);
    return path;
  }

  async remove(pod: Pod): Promise<void> {
    const path = podCgroupPath(this.#root, pod);
    if ((await this.version()) === 2) return this.#removeTree(join(this.#mount, path));
    // The runtime made the path in every hierarchy there is.
    for (const controller of await readdir(this.#mount)) await this.#removeTree(join(this.#mount, controller, path));
  }

  /** With v1 no cgroup may have more of the CPU than the one above it, not even for a moment. */
  async widen(pod: Pod): Promise<void> {
    const { milliCpuLimit } = podResources(pod);
    if (milliCpuLimit === 0 || (await this.version()) === 2) return;
    const file = join(this.#mount, 'cpu', podCgroupPath(this.#root, pod), 'cpu.cfs_quota_us');
    const now = Number(await readFile(file, 'utf8'));
    if (now !== unlimited && now < cpuQuota(milliCpuLimit)) await writeFile(file, String(cpuQuota(milliCpuLimit)));
  }

  version(): Promise<1 | 2> {
    this.#version ??= access(join(this.#mount, 'cgroup.controllers')).then(
      () => 2 as const,
      () => 1 as const,
    );
    return this.#version;
  }

  async #createV1(path: string, resources: PodResources): Promise<void> {
    for (const controller of v1Controllers) await mkdir(join(this.#mount, controller, path), { recursive: true });
    const cpu = join(this.#mount, 'cpu', path);
    await writeFile(join(cpu, 'cpu.shares'), String(cpuShares(resources.milliCpu)));
    if (resources.milliCpuLimit > 0) {
      await writeFile(join(cpu, 'cpu.cfs_period_us'), '100000');
      await writeFile(join(cpu, 'cpu.cfs_quota_us'), String(cpuQuota(resources.milliCpuLimit)));
    }
    if (resources.memoryLimit > 0) {
      await writeFile(join(this.#mount, 'memory', path, 'memory.limit_in_bytes'), String(resources.memoryLimit));
    }
  }

  async #createV2(path: string, resources: PodResources): Promise<void> {
    const directory = join(this.#mount, path);
    await mkdir(directory, { recursive: true });
    await this.#delegate(dirname(path));
    await writeFile(join(directory, 'cpu.weight'), String(cpuWeight(resources.milliCpu)));
    if (resources.milliCpuLimit > 0) {
      await writeFile(join(directory, 'cpu.max'), `${cpuQuota(resources.milliCpuLimit)} 100000`);
    }
    if (resources.memoryLimit > 0) await writeFile(join(directory, 'memory.max'), String(resources.memoryLimit));
  }

  /** Hands the controllers down to a cgroup's children, from the top. Throws where the kernel does not let it. */
  async #delegate(path: string): Promise<void> {
    let at = this.#mount;
    for (const part of ['', ...path.split('/').filter(Boolean)]) {
      at = join(at, part);
      const there = (await readFile(join(at, 'cgroup.controllers'), 'utf8')).trim().split(' ');
      const wanted = v2Controllers.filter((name) => there.includes(name)).map((name) => `+${name}`);
      await writeFile(join(at, 'cgroup.subtree_control'), wanted.join(' ')).catch((error: unknown) => {
        // A cgroup with processes of its own can have no children with limits (kernel, `cgroup-v2.rst`).
        const why = hasCode(error, 'EBUSY')
          ? `processes run in ${at} itself: move them to a cgroup below it`
          : 'see the cause';
        throw new Error(`the controllers of cgroup ${at} cannot be handed down to pods: ${why}`, { cause: error });
      });
    }
  }

  /** Removes a cgroup with its children; the kernel may need a moment to let go of the last process. */
  async #removeTree(directory: string): Promise<void> {
    for (const child of await children(directory)) await this.#removeTree(join(directory, child));
    for (let attempt = 0; attempt < removeAttempts; attempt++) {
      try {
        return await rmdir(directory);
      } catch (error) {
        if (hasCode(error, 'ENOENT', 'ENOTDIR')) return;
        if (!hasCode(error, 'EBUSY', 'ENOTEMPTY')) throw error;
        await this.#clock.sleep(50);
      }
    }
  }
}

async function children(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/** cgroup v2's weight for what v1 calls shares, on the kubelet's straight line. */
function cpuWeight(milli: number): number {
  return Math.floor(1 + ((cpuShares(milli) - 2) * 9999) / 262_142);
}
