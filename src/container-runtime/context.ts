import type { Cgroups, Clock, KeyedMutex, Logger, Random } from '#base';
import type { ExitWatcher } from './conmon/exit-watcher.ts';
import type { EventStream } from './events.ts';
import type { ImageStore } from './images/image-store.ts';
import type { Machine } from './machine.ts';
import type { PodNetwork } from './network/pod-network.ts';
import type { RuntimePaths } from './paths.ts';
import type { RegistryOptions } from './registry/options.ts';
import type { Runc } from './runc.ts';
import type { Snapshotter } from './snapshots/snapshotter.ts';
import type { RecordStore } from './store/record-store.ts';
import type { ContainerRecord, SandboxRecord } from './store/records.ts';

export interface ContainerRuntimeOptions {
  /** The persistent folder of this node. */
  root: string;
  /** The folder for sockets, exits and mounts of this node; it may be lost with a reboot. */
  state: string;
  /** The folder of the machine's image content, shared by all nodes. */
  images: string;
  /** The cgroup of pods for which the kubelet names none: `/kedge-NAME/NODE`. */
  cgroupParent: string;
  /** The pods' network on this node, once it is known. */
  podCidr: () => string | undefined;
  /** The network of all pods of the cluster; what leaves it gets the node's address. */
  clusterCidr?: string;
  clock: Clock;
  random: Random;
  log: Logger;
  registry?: RegistryOptions;
  /** Where exec, attach and port-forward are served: a loopback address; port 0 takes a free one. */
  streaming: { host: string; port: number };
  /** The OCI runtime, conmon and the bridge, where they are not the usual ones. */
  runtimeBinary?: string;
  conmonBinary?: string;
  bridge?: string;
  nftTable?: string;
}

/** What every verb of the runtime works with. */
export interface Context {
  readonly options: ContainerRuntimeOptions;
  readonly paths: RuntimePaths;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly machine: Machine;
  readonly cgroups: Cgroups;
  readonly images: ImageStore;
  readonly snapshots: Snapshotter;
  readonly sandboxes: RecordStore<SandboxRecord>;
  readonly containers: RecordStore<ContainerRecord>;
  readonly network: PodNetwork;
  readonly runc: Runc;
  readonly conmon: string;
  readonly exits: ExitWatcher;
  readonly events: EventStream;
  /** One piece of work at a time for each container and sandbox. */
  readonly locks: KeyedMutex;
  /** Who waits for a container to end. */
  readonly endings: Map<string, PromiseWithResolvers<void>>;
}

/** A new ID: 64 hexadecimal digits, as users of containers know them. */
export function newId(context: Pick<Context, 'random'>): string {
  return Buffer.from(context.random.bytes(32)).toString('hex');
}

/** Milliseconds as CRI has them. */
export function nanoseconds(ms: number | undefined): bigint {
  return BigInt(Math.round(ms ?? 0)) * 1_000_000n;
}
