import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { findCgroups, KeyedMutex, type Component } from '#base';
import type { ImageService, RuntimeService } from '#cri';
import { adopt } from './adopt.ts';
import { ExitWatcher } from './conmon/exit-watcher.ts';
import { handleExit } from './container/handle-exit.ts';
import type { ContainerRuntimeOptions, Context } from './context.ts';
import { EventStream } from './events.ts';
import { findProgram } from './find-program.ts';
import { imageServiceOf } from './image-service.ts';
import { registerRoot } from './images/hold.ts';
import { ImageStore } from './images/image-store.ts';
import { readMachine } from './machine.ts';
import { PodNetwork } from './network/pod-network.ts';
import { RuntimePaths } from './paths.ts';
import { Runc } from './runc.ts';
import { runtimeServiceOf } from './runtime-service.ts';
import { Snapshotter } from './snapshots/snapshotter.ts';
import { RecordStore } from './store/record-store.ts';
import { StreamingServer } from './streaming/streaming-server.ts';

/** The runtime of a node: CRI's two services, and a part that runs until it is told to stop. */
export interface ContainerRuntime extends RuntimeService, ImageService, Component {
  /** The images that this node sees. */
  readonly imageStore: ImageStore;
  /** Where exec, attach and port-forward are served. */
  readonly streamingPort: number;
}

/**
 * Makes the runtime of a node and takes over what an earlier process of it left: containers that still run go on. They
 * also outlive this runtime: `run` ending stops nothing of theirs.
 */
export async function createContainerRuntime(options: ContainerRuntimeOptions): Promise<ContainerRuntime> {
  const context = await makeContext(options);
  await registerRoot(options.images, context.paths.references);
  await Promise.all([context.sandboxes.load(), context.containers.load()]);
  await context.exits.start();
  await adopt(context);
  const streaming = new StreamingServer(context);
  await streaming.listen();
  const run = async (signal: AbortSignal): Promise<void> => {
    await context.exits.run(signal);
    context.events.close();
    await streaming.close();
  };
  return {
    ...runtimeServiceOf(context, streaming),
    ...imageServiceOf(context),
    imageStore: context.images,
    streamingPort: streaming.port,
    run,
  };
}

/** What all verbs work with; nothing on the machine is changed but that folders are made. */
export async function makeContext(options: ContainerRuntimeOptions): Promise<Context> {
  const { clock, random, log } = options;
  const paths = new RuntimePaths(options);
  await Promise.all([mkdir(paths.bundles, { recursive: true }), mkdir(paths.sandboxes, { recursive: true })]);
  const images = new ImageStore({ directory: options.images, references: paths.references, log });
  const context: Context = {
    options,
    paths,
    clock,
    random,
    log,
    machine: await readMachine(),
    cgroups: await findCgroups(),
    images,
    snapshots: new Snapshotter({
      directory: paths.snapshots,
      references: paths.references,
      layers: images.layers,
      log,
    }),
    sandboxes: new RecordStore(paths.sandboxRecords, log),
    containers: new RecordStore(paths.containerRecords, log),
    network: new PodNetwork({
      podCidr: options.podCidr,
      clusterCidr: options.clusterCidr,
      bridge: options.bridge ?? 'cni0',
      table: options.nftTable ?? 'kedge-cri',
      log,
    }),
    runc: new Runc({ binary: options.runtimeBinary ?? (await findProgram('runc', 'crun')), state: options.state }),
    conmon: options.conmonBinary ?? (await findProgram('conmon')),
    exits: new ExitWatcher({
      directory: join(options.state, 'exits'),
      clock,
      log,
      isAwaited: (id) => {
        const record = context.containers.get(id);
        return record !== undefined && record.finishedAtMs === undefined;
      },
      onExit: (exit) => {
        handleExit(context, exit).catch((error: unknown) =>
          log.error({ error, container: exit.id }, 'an exit could not be handled'),
        );
      },
    }),
    events: new EventStream(),
    locks: new KeyedMutex(),
    endings: new Map(),
  };
  return context;
}
