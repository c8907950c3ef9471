import type { Pod, Service } from '#api';
import type { Clock, Logger, Random } from '#base';
import type { EventRecorder } from '#client';
import type { RuntimeService } from '#cri';
import type { ImageManager } from '../images/image-manager.ts';
import type { DnsContext } from '../network/resolv-conf.ts';
import type { RunProbe } from '../probes/run-probe.ts';
import type { PodCgroups } from '../runtime/cgroups.ts';
import type { StatusManager } from '../status/status-manager.ts';
import type { TokenManager } from '../volumes/tokens.ts';
import type { VolumeManager } from '../volumes/volume-manager.ts';
import type { Backoff } from './backoff.ts';
import type { ObjectCache } from './object-cache.ts';

/** What the node is to its pods. */
export interface NodeFacts {
  readonly name: string;
  readonly hostIps: readonly string[];
  readonly memoryCapacity: number;
  readonly logDirectory: string;
  readonly dns: DnsContext;
  readonly allocatable: Record<string, string>;
  readonly runtimeName: string;
}

/** All that pod workers share. */
export interface NodeServices {
  readonly node: NodeFacts;
  readonly runtime: RuntimeService;
  readonly images: ImageManager;
  readonly volumes: VolumeManager;
  readonly objects: ObjectCache;
  readonly tokens: TokenManager;
  readonly cgroups: PodCgroups;
  readonly recorder: Pick<EventRecorder, 'event'>;
  readonly status: StatusManager;
  readonly crashes: Backoff;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly runProbe: RunProbe;
  /** All services of the cluster; resolves when they are known. */
  services(pod: Pod): Promise<readonly Service[]>;
}
