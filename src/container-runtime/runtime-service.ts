import packageFile from '../../package.json' with { type: 'json' };
import { CriError, type RuntimeService } from '#cri';
import { requireContainer } from './container/container-config.ts';
import { createContainer } from './container/create-container.ts';
import { execSync } from './container/exec-sync.ts';
import { removeContainer } from './container/remove-container.ts';
import { reopenContainerLog } from './container/reopen-container-log.ts';
import { startContainer } from './container/start-container.ts';
import { stopContainer } from './container/stop-container.ts';
import { updateContainerResources } from './container/update-container-resources.ts';
import { nanoseconds, type Context } from './context.ts';
import { runPodSandbox } from './sandbox/run-pod-sandbox.ts';
import { findSandbox } from './sandbox/sandbox-config.ts';
import { removePodSandbox, stopPodSandbox } from './sandbox/stop-pod-sandbox.ts';
import { containerStats, listContainerStats } from './stats/container-stats.ts';
import { listSandboxStats, sandboxStats } from './stats/sandbox-stats.ts';
import { containerStatus, listContainers } from './status/container-status.ts';
import { runtimeStatus } from './status/runtime-status.ts';
import { listSandboxes, sandboxStatus } from './status/sandbox-status.ts';
import type { StreamingServer } from './streaming/streaming-server.ts';

/** The version of CRI, and the one that kubelets have always been told. */
const criVersion = 'v1';
const kubeletApiVersion = '0.1.0';

/** The verbs of CRI, each of which stands in a file of its own. */
export function runtimeServiceOf(context: Context, streaming: StreamingServer): RuntimeService {
  return {
    ...sandboxVerbs(context),
    ...containerVerbs(context),
    ...statsVerbs(context),
    exec: async (request) => ({ url: streaming.exec(request) }),
    attach: async (request) => ({ url: streaming.attach(request) }),
    portForward: async (request) => ({ url: streaming.portForward(request) }),
    execSync: (request, signal) => execSync(context, request, signal),
    version: async () => ({
      version: kubeletApiVersion,
      runtimeName: 'kedge',
      runtimeVersion: packageFile.version,
      runtimeApiVersion: criVersion,
    }),
    status: (request) => runtimeStatus(context, request),
    updateRuntimeConfig: async ({ runtimeConfig }) => {
      context.network.tellPodCidr(runtimeConfig?.networkConfig?.podCidr ?? '');
      return {};
    },
    runtimeConfig: async () => ({ linux: { cgroupDriver: 'CGROUPFS' } }),
    getContainerEvents: (_request, signal) => context.events.listen(signal),
    checkpointContainer: () => Promise.reject(new CriError('Unimplemented', 'containers cannot be checkpointed')),
  };
}

/** What only those see who ask for it: one JSON text. */
function infoIf(verbose: boolean, info: object): Record<string, string> {
  return verbose ? { info: JSON.stringify(info) } : {};
}

type SandboxVerbs = Pick<
  RuntimeService,
  | 'runPodSandbox'
  | 'stopPodSandbox'
  | 'removePodSandbox'
  | 'podSandboxStatus'
  | 'listPodSandbox'
  | 'streamPodSandboxes'
  | 'updatePodSandboxResources'
>;

function sandboxVerbs(context: Context): SandboxVerbs {
  return {
    runPodSandbox: (request) => runPodSandbox(context, request),
    stopPodSandbox: (request) => stopPodSandbox(context, request),
    removePodSandbox: (request) => removePodSandbox(context, request),
    podSandboxStatus: async ({ podSandboxId, verbose }) => {
      const record = findSandbox(context, podSandboxId);
      if (!record) throw new CriError('NotFound', `an error occurred when try to find sandbox: not found`);
      const containers = context.containers.list().filter(({ sandboxId }) => sandboxId === record.id);
      return {
        status: sandboxStatus(record),
        info: infoIf(verbose, { ...record, config: undefined }),
        containersStatuses: containers.map(containerStatus),
        timestamp: Number(nanoseconds(context.clock.now())),
      };
    },
    listPodSandbox: async (request) => ({ items: listSandboxes(context, request) }),
    async *streamPodSandboxes(request) {
      yield { podSandboxes: listSandboxes(context, request) };
    },
    // the kubelet sets the limits of pods itself; the runtime is only told
    updatePodSandboxResources: async () => ({}),
  };
}

type ContainerVerbs = Pick<
  RuntimeService,
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'removeContainer'
  | 'listContainers'
  | 'streamContainers'
  | 'containerStatus'
  | 'updateContainerResources'
  | 'reopenContainerLog'
>;

function containerVerbs(context: Context): ContainerVerbs {
  return {
    createContainer: (request) => createContainer(context, request),
    startContainer: (request) => startContainer(context, request),
    stopContainer: (request, signal) => stopContainer(context, request, signal),
    removeContainer: (request) => removeContainer(context, request),
    listContainers: async (request) => ({ containers: listContainers(context, request) }),
    async *streamContainers(request) {
      yield { containers: listContainers(context, request) };
    },
    containerStatus: async ({ containerId, verbose }) => {
      const record = requireContainer(context, containerId);
      const info = { sandboxID: record.sandboxId, pid: record.pid ?? 0, cgroupsPath: record.cgroupsPath };
      return { status: containerStatus(record), info: infoIf(verbose, info) };
    },
    updateContainerResources: (request) => updateContainerResources(context, request),
    reopenContainerLog: (request) => reopenContainerLog(context, request),
  };
}

type StatsVerbs = Pick<
  RuntimeService,
  | 'containerStats'
  | 'listContainerStats'
  | 'streamContainerStats'
  | 'podSandboxStats'
  | 'listPodSandboxStats'
  | 'streamPodSandboxStats'
  | 'listMetricDescriptors'
  | 'listPodSandboxMetrics'
  | 'streamPodSandboxMetrics'
>;

function statsVerbs(context: Context): StatsVerbs {
  return {
    containerStats: async ({ containerId }) => ({
      stats: await containerStats(context, requireContainer(context, containerId)),
    }),
    listContainerStats: async ({ filter }) => ({ stats: await listContainerStats(context, filter) }),
    async *streamContainerStats({ filter }) {
      yield { containerStats: await listContainerStats(context, filter) };
    },
    podSandboxStats: async ({ podSandboxId }) => {
      const record = findSandbox(context, podSandboxId);
      if (!record) throw new CriError('NotFound', `failed to find sandbox "${podSandboxId}": not found`);
      return { stats: await sandboxStats(context, record) };
    },
    listPodSandboxStats: async ({ filter }) => ({ stats: await listSandboxStats(context, filter) }),
    async *streamPodSandboxStats({ filter }) {
      yield { podSandboxStats: await listSandboxStats(context, filter) };
    },
    // cAdvisor's metrics are not ours yet; none is a valid answer
    listMetricDescriptors: async () => ({ descriptors: [] }),
    listPodSandboxMetrics: async () => ({ podMetrics: [] }),
    async *streamPodSandboxMetrics() {
      yield { podSandboxMetrics: [] };
    },
  };
}
