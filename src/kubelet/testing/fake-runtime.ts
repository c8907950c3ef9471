import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AsyncQueue, type Clock } from '#base';
import {
  ContainerEventResponse,
  ContainerStatus,
  CriError,
  Image,
  LinuxContainerResources,
  PodSandboxStatus,
  StatusResponse,
  type ContainerConfig,
  type ImageService,
  type PodSandboxConfig,
  type RuntimeService,
} from '#cri';

interface FakeSandbox {
  id: string;
  config: PodSandboxConfig;
  ready: boolean;
  createdMs: number;
  ip: string;
}

interface FakeContainer {
  id: string;
  sandboxId: string;
  config: ContainerConfig;
  logDirectory: string;
  state: ContainerStatus['state'];
  createdMs: number;
  startedMs: number;
  finishedMs: number;
  exitCode: number;
  resources: LinuxContainerResources | undefined;
}

/** What a container does when it is started: a code to exit with at once, or nothing to run on. */
export type Behaviour = (config: ContainerConfig) => number | undefined;

/** A container runtime in memory: every container is a line in a table, and a log file where the kubelet expects one. */
export class FakeRuntime {
  readonly sandboxes = new Map<string, FakeSandbox>();
  readonly containers = new Map<string, FakeContainer>();
  /** Names of the calls that change something, with what they were about. */
  readonly calls: string[] = [];
  behaviour: Behaviour = () => undefined;
  /** How a stopped container ends; 143 as if SIGTERM had killed it. */
  stopCode = 143;
  /** What a call that starts or stops a container, or lists them, waits for before it answers; it fails when this does. */
  beforeAnswer: (call: 'start' | 'stop' | 'list') => Promise<void> = () => Promise.resolve();
  /** Whether what happens is told of; else it can only be found. */
  tells = true;
  readonly presentImages = new Set<string>();
  pullError: string | undefined;
  updateError: string | undefined;
  execSync: RuntimeService['execSync'] = () =>
    Promise.resolve({ stdout: new Uint8Array(), stderr: new Uint8Array(), exitCode: 0 });
  exec: RuntimeService['exec'] = () => Promise.reject(new CriError('Unimplemented', 'no exec'));
  readonly #clock: Clock;
  readonly #streams = new Set<AsyncQueue<ContainerEventResponse>>();
  #sequence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The service that a kubelet calls; methods that no test needs are missing. */
  get runtime(): RuntimeService {
    const known: Partial<RuntimeService> = {
      version: () =>
        Promise.resolve({ version: '0.1.0', runtimeName: 'fake', runtimeVersion: '1.0', runtimeApiVersion: 'v1' }),
      status: () => Promise.resolve(ready),
      updateRuntimeConfig: () => Promise.resolve({}),
      listPodSandbox: ({ filter }) => Promise.resolve({ items: this.#sandboxList(filter?.labelSelector) }),
      podSandboxStatus: ({ podSandboxId }) => Promise.resolve(this.#sandboxStatus(podSandboxId)),
      listContainers: async ({ filter }) => {
        await this.beforeAnswer('list');
        return { containers: this.#containerList(filter?.labelSelector) };
      },
      containerStatus: async ({ containerId }) => ({ status: this.#containerStatus(containerId), info: {} }),
      runPodSandbox: ({ config }) => this.#runSandbox(config),
      stopPodSandbox: ({ podSandboxId }) => this.#stopSandbox(podSandboxId),
      removePodSandbox: ({ podSandboxId }) => this.#removeSandbox(podSandboxId),
      createContainer: ({ podSandboxId, config }) => this.#create(podSandboxId, config),
      startContainer: ({ containerId }) => this.#start(containerId),
      stopContainer: ({ containerId, timeout }) => this.#stop(containerId, timeout),
      updateContainerResources: ({ containerId, linux }) => this.#update(containerId, linux),
      removeContainer: async ({ containerId }) => (this.containers.delete(containerId), {}),
      execSync: (request, signal) => this.execSync(request, signal),
      exec: (request) => this.exec(request),
      getContainerEvents: (_request, signal) => this.#events(signal),
      listContainerStats: () => Promise.resolve({ stats: [] }),
      listPodSandboxStats: () => Promise.resolve({ stats: [] }),
    };
    return known as RuntimeService;
  }

  get images(): ImageService {
    const image = (name: string): Image =>
      Image.of({ id: `sha256:${name}`, repoTags: [name], repoDigests: [`${name}@sha256:0`], size: 1234 });
    const known: Partial<ImageService> = {
      listImages: () => Promise.resolve({ images: [...this.presentImages].map(image) }),
      imageStatus: ({ image: spec }) => {
        const name = (spec?.image ?? '').replace(/^sha256:/, '');
        return Promise.resolve({ ...(this.presentImages.has(name) && { image: image(name) }), info: {} });
      },
      pullImage: ({ image: spec }) => {
        const name = spec?.image ?? '';
        this.calls.push(`pull ${name}`);
        if (this.pullError) return Promise.reject(new CriError('Unknown', this.pullError));
        this.presentImages.add(name);
        return Promise.resolve({ imageRef: `sha256:${name}` });
      },
    };
    return known as ImageService;
  }

  /** The newest container of this name. */
  find(name: string): FakeContainer | undefined {
    return [...this.containers.values()].findLast(({ config }) => config.metadata?.name === name);
  }

  /** Ends the newest container of this name. */
  exit(name: string, code: number): void {
    const container = this.find(name);
    if (container) this.#exited(container, code);
  }

  async #runSandbox(config: PodSandboxConfig | undefined): Promise<{ podSandboxId: string }> {
    if (!config) throw new CriError('InvalidArgument', 'no config');
    const id = `sandbox-${this.#sequence++}`;
    this.calls.push(`run ${config.metadata?.name}`);
    const ip = config.linux?.securityContext?.namespaceOptions?.network === 'NODE' ? '' : `10.1.0.${this.#sequence}`;
    this.sandboxes.set(id, { id, config, ready: true, createdMs: this.#tick(), ip });
    return { podSandboxId: id };
  }

  async #stopSandbox(id: string): Promise<object> {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) return {};
    this.calls.push(`stop-sandbox ${sandbox.config.metadata?.name}`);
    for (const container of this.containers.values()) {
      if (container.sandboxId === id && container.state === 'CONTAINER_RUNNING') this.#exited(container, 137);
    }
    sandbox.ready = false;
    return {};
  }

  async #removeSandbox(id: string): Promise<object> {
    const name = this.sandboxes.get(id)?.config.metadata?.name;
    if (name) this.calls.push(`remove-sandbox ${name}`);
    this.sandboxes.delete(id);
    for (const { id: container, sandboxId } of this.containers.values()) {
      if (sandboxId === id) this.containers.delete(container);
    }
    return {};
  }

  async #create(sandboxId: string, config: ContainerConfig | undefined): Promise<{ containerId: string }> {
    const sandbox = this.sandboxes.get(sandboxId);
    if (!config || !sandbox) throw new CriError('NotFound', `no sandbox ${sandboxId}`);
    const id = `container-${this.#sequence++}`;
    this.calls.push(`create ${config.metadata?.name}`);
    this.containers.set(id, {
      id,
      sandboxId,
      config,
      logDirectory: sandbox.config.logDirectory,
      state: 'CONTAINER_CREATED',
      createdMs: this.#tick(),
      startedMs: 0,
      finishedMs: 0,
      exitCode: 0,
      resources: config.linux?.resources,
    });
    return { containerId: id };
  }

  async #start(id: string): Promise<object> {
    const container = this.#found(id);
    this.calls.push(`start ${container.config.metadata?.name}`);
    container.state = 'CONTAINER_RUNNING';
    container.startedMs = this.#tick();
    const path = logPath(container);
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `2026-01-01T00:00:00.000000000Z stdout F hello from ${container.config.metadata?.name}\n`);
    this.#tell('CONTAINER_STARTED_EVENT', container);
    const code = this.behaviour(container.config);
    if (code !== undefined) this.#exited(container, code);
    await this.beforeAnswer('start');
    return {};
  }

  async #update(id: string, changes: Partial<LinuxContainerResources> | undefined): Promise<object> {
    const container = this.#found(id);
    this.calls.push(`update ${container.config.metadata?.name}`);
    if (this.updateError) throw new CriError('Unknown', this.updateError);
    const given = Object.entries(changes ?? {}).filter(([, value]) => value);
    container.resources = LinuxContainerResources.of({ ...container.resources, ...Object.fromEntries(given) });
    return {};
  }

  async #stop(id: string, timeout: number): Promise<object> {
    const container = this.containers.get(id);
    if (container?.state !== 'CONTAINER_RUNNING') return {};
    await this.beforeAnswer('stop');
    this.calls.push(`stop ${container.config.metadata?.name} ${timeout}`);
    this.#exited(container, this.stopCode);
    return {};
  }

  #exited(container: FakeContainer, code: number): void {
    container.state = 'CONTAINER_EXITED';
    container.exitCode = code;
    container.finishedMs = this.#tick();
    this.#tell('CONTAINER_STOPPED_EVENT', container);
  }

  /** The time, and a little more with every call, so that what is newer looks newer. */
  #tick(): number {
    return this.#clock.now() + this.#sequence++ / 1000;
  }

  #found(id: string): FakeContainer {
    const container = this.containers.get(id);
    if (!container) throw new CriError('NotFound', `no container ${id}`);
    return container;
  }

  #sandboxList(selector: Record<string, string> = {}): Awaited<ReturnType<RuntimeService['listPodSandbox']>>['items'] {
    return [...this.sandboxes.values()]
      .filter(({ config }) => matches(config.labels, selector))
      .map(({ id, config, ready, createdMs }) => ({
        id,
        metadata: config.metadata,
        state: ready ? ('SANDBOX_READY' as const) : ('SANDBOX_NOTREADY' as const),
        createdAt: nanoseconds(createdMs),
        labels: config.labels,
        annotations: config.annotations,
        runtimeHandler: '',
      }));
  }

  #sandboxStatus(id: string): Awaited<ReturnType<RuntimeService['podSandboxStatus']>> {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) throw new CriError('NotFound', `no sandbox ${id}`);
    const { config, ready, createdMs, ip } = sandbox;
    const status = PodSandboxStatus.of({
      id,
      metadata: config.metadata,
      state: ready ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
      createdAt: nanoseconds(createdMs),
      network: { ip },
      linux: { namespaces: { options: config.linux?.securityContext?.namespaceOptions } },
      labels: config.labels,
    });
    return { status, info: {}, containersStatuses: [], timestamp: 0 };
  }

  #containerList(
    selector: Record<string, string> = {},
  ): Awaited<ReturnType<RuntimeService['listContainers']>>['containers'] {
    return [...this.containers.values()]
      .filter(({ config }) => matches(config.labels, selector))
      .map(({ id, sandboxId, config, state, createdMs }) => ({
        id,
        podSandboxId: sandboxId,
        metadata: config.metadata,
        image: config.image,
        imageRef: config.image?.image ?? '',
        state,
        createdAt: nanoseconds(createdMs),
        labels: config.labels,
        annotations: config.annotations,
        imageId: config.image?.image ?? '',
      }));
  }

  #containerStatus(id: string): ContainerStatus {
    const container = this.#found(id);
    const { config, state, createdMs, startedMs, finishedMs, exitCode } = container;
    return ContainerStatus.of({
      id,
      metadata: config.metadata,
      state,
      createdAt: nanoseconds(createdMs),
      startedAt: nanoseconds(startedMs),
      finishedAt: nanoseconds(finishedMs),
      exitCode,
      image: config.image,
      imageRef: config.image?.image ?? '',
      reason: state === 'CONTAINER_EXITED' ? (exitCode === 0 ? 'Completed' : 'Error') : '',
      labels: config.labels,
      annotations: config.annotations,
      mounts: config.mounts,
      logPath: logPath(container),
      ...(container.resources && { resources: { linux: container.resources } }),
    });
  }

  async *#events(signal: AbortSignal | undefined): AsyncGenerator<ContainerEventResponse> {
    const queue = new AsyncQueue<ContainerEventResponse>();
    this.#streams.add(queue);
    signal?.addEventListener('abort', () => queue.close(), { once: true });
    yield* queue;
    this.#streams.delete(queue);
  }

  #tell(type: ContainerEventResponse['containerEventType'], container: FakeContainer): void {
    if (!this.tells) return;
    const metadata = this.sandboxes.get(container.sandboxId)?.config.metadata;
    const event = ContainerEventResponse.of({
      containerId: container.id,
      containerEventType: type,
      podSandboxStatus: { metadata },
    });
    for (const queue of this.#streams) queue.push(event);
  }
}

const ready = StatusResponse.of({
  status: {
    conditions: [
      { type: 'RuntimeReady', status: true },
      { type: 'NetworkReady', status: true },
    ],
  },
});

function logPath({ logDirectory, config }: FakeContainer): string {
  return join(logDirectory, config.logPath);
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}

function matches(labels: Record<string, string>, selector: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
