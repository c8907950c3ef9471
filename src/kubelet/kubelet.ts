import { mkdir } from 'node:fs/promises';
import { nodes, pods, services as serviceResource, type Node, type Pod, type Service } from '#api';
import { messageOf, runAll, type Clock, type Component, type Logger, type Random } from '#base';
import { EventRecorder, Informer, type Client } from '#client';
import type { ImageService, RuntimeService, VersionResponse } from '#cri';
import { ImageManager } from './images/image-manager.ts';
import { LogRotation } from './logs/log-rotation.ts';
import { readMachine, type MachineFacts } from './node/machine.ts';
import { NodeLease } from './node/node-lease.ts';
import { nodeResources } from './node/node-object.ts';
import { NodeReporter } from './node/node-status.ts';
import { parseResolvConf } from './network/resolv-conf.ts';
import { Backoff } from './pods/backoff.ts';
import type { NodeServices } from './pods/node-services.ts';
import { ObjectCache } from './pods/object-cache.ts';
import { PodWorkers } from './pods/pod-workers.ts';
import { probeRunner, type RunProbe } from './probes/run-probe.ts';
import { CgroupFs, noCgroups, type PodCgroups } from './runtime/cgroups.ts';
import { RuntimeEvents } from './runtime/runtime-events.ts';
import { KubeletServer, type Serving } from './server/server.ts';
import { StatusManager } from './status/status-manager.ts';
import { hostMounter, type Mounter } from './volumes/mounter.ts';
import { TokenManager } from './volumes/tokens.ts';
import { VolumeManager } from './volumes/volume-manager.ts';

export interface KubeletOptions {
  readonly client: Client;
  readonly runtime: RuntimeService;
  readonly images: ImageService;
  readonly nodeName: string;
  readonly nodeIp: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Where pods have their volumes, on disk. */
  readonly rootDirectory: string;
  /** Where secrets and tokens are written; a tmpfs. Default: `rootDirectory`. */
  readonly memoryDirectory?: string;
  /** Container logs: `<logDirectory>/<ns>_<pod>_<uid>/<container>/<n>.log`. */
  readonly logDirectory: string;
  /** The node's cgroup, below which `kubepods` is made; without it the kubelet makes none. */
  readonly cgroupRoot?: string;
  readonly clusterDns: readonly string[];
  /** Default: `cluster.local`. */
  readonly clusterDomain?: string;
  /** The text of the node's own resolv.conf. */
  readonly resolvConf?: string;
  /** Without it no API is served. */
  readonly serving?: Serving;
  /** Default: 110. */
  readonly maxPods?: number;
  readonly nodeLabels?: Record<string, string>;
  /** Default: read from this machine. */
  readonly machine?: MachineFacts;
  /** Default: mounts of this machine. */
  readonly mounter?: Mounter;
  /** Default: over the network and the runtime. */
  readonly runProbe?: RunProbe;
}

/** The kubelet of one node. Stopping it leaves the containers running; the next one adopts them. */
export class Kubelet implements Component {
  readonly #options: KubeletOptions;
  readonly #recorder: EventRecorder;
  readonly #pods: Informer<Pod>;
  readonly #services: Informer<Service>;
  readonly #node: Informer<Node>;
  readonly #serving = Promise.withResolvers<number>();

  constructor(options: KubeletOptions) {
    const { client, clock, random, log, nodeName } = options;
    this.#options = options;
    this.#recorder = new EventRecorder({ client, component: 'kubelet', host: nodeName, clock, random, log });
    const common = { client, clock, random, log };
    this.#pods = new Informer({ ...common, resource: pods, fieldSelector: `spec.nodeName=${nodeName}` });
    this.#services = new Informer({ ...common, resource: serviceResource });
    this.#node = new Informer({ ...common, resource: nodes, fieldSelector: `metadata.name=${nodeName}` });
    this.#serving.promise.catch(() => {}); // `run` tells of it
  }

  /** The port of the kubelet's API, once it listens. */
  get port(): Promise<number> {
    return this.#serving.promise;
  }

  /** The pod network of this node, once the cluster has assigned one. */
  get podCidr(): string | undefined {
    return this.#node.lister.get(this.#options.nodeName)?.spec.podCIDR;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { rootDirectory, runtime, images, clock, log } = this.#options;
    await mkdir(rootDirectory, { recursive: true });
    const version = await this.#runtimeVersion(signal);
    if (!version) return;
    const machine = this.#options.machine ?? (await readMachine(rootDirectory));
    const services = this.#assemble(machine, version);
    const workers = new PodWorkers({ services, pods: this.#pods, node: () => this.#ownNode() });
    this.#workers = workers;
    const server = this.#server(services, workers);
    const port = server ? await this.#listen(server, signal) : 0;
    const running = (): { id: string; logPath: string }[] =>
      workers.all().flatMap(({ runtimeStatus }) => runtimeStatus.containers.filter(({ state }) => state === 'running'));
    this.#node.on({ added: (node) => this.#tellPodCidr(node), updated: (_old, node) => this.#tellPodCidr(node) });
    const components: Component[] = [
      this.#pods,
      this.#services,
      this.#node,
      services.status,
      this.#reporter(machine, version, port, images),
      this.#lease(),
      new RuntimeEvents({ runtime, clock, log, changed: (uid) => workers.runtimeChanged(uid) }),
      new LogRotation({ runtime, clock, log, containers: running }),
      { run: (stop) => this.#runWorkers(workers, stop) },
      ...(server ? [{ run: () => this.#served ?? Promise.resolve() }] : []),
    ];
    const { nodeName } = this.#options;
    // Upstream's nodes refer to themselves by name in place of the uid.
    const self = { kind: 'Node', name: nodeName, uid: nodeName };
    this.#recorder.event(self, 'Normal', 'Starting', 'Starting kubelet.');
    await runAll(components, signal);
    await services.objects.close();
    this.#recorder.close();
    await this.#recorder.flush();
  }

  #workers: PodWorkers | undefined;
  #served: Promise<void> | undefined;

  /** Waits until the runtime answers. */
  async #runtimeVersion(signal: AbortSignal): Promise<VersionResponse | undefined> {
    const { runtime, clock, log } = this.#options;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await runtime.version({ version: 'v1' }, signal);
      } catch (error) {
        if (attempt === 0) log.warn({ error: messageOf(error) }, 'the container runtime does not answer yet');
        await clock.sleep(500, signal).catch(() => {});
      }
    }
    return undefined;
  }

  async #listen(server: KubeletServer, signal: AbortSignal): Promise<number> {
    this.#served = server.run(signal);
    this.#served.catch(() => {}); // awaited with the other components
    const port = await server.listening;
    this.#serving.resolve(port);
    return port;
  }

  async #runWorkers(workers: PodWorkers, signal: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([this.#pods.synced, stopped]);
    if (signal.aborted) return;
    await workers.run(signal);
  }

  #ownNode(): Node | undefined {
    return this.#node.lister.get(this.#options.nodeName);
  }

  #assemble(machine: MachineFacts, version: VersionResponse): NodeServices {
    const { client, runtime, images, clock, random, log, nodeName, nodeIp, rootDirectory, logDirectory } =
      this.#options;
    const { memoryDirectory = rootDirectory, mounter = hostMounter, maxPods = 110, clusterDns } = this.#options;
    const changed = (uid: string): void => this.#workers?.wake(uid);
    const known = (uid: string): Pod | undefined => this.#pods.byIndex('uid', uid)[0];
    this.#pods.addIndex('uid', (pod) => [pod.metadata.uid ?? '']);
    const host = parseResolvConf(this.#options.resolvConf ?? '');
    const { allocatable } = nodeResources(machine, maxPods);
    return {
      node: {
        name: nodeName,
        hostIps: [nodeIp],
        memoryCapacity: machine.memoryBytes,
        logDirectory,
        dns: { clusterDns, clusterDomain: this.#options.clusterDomain ?? 'cluster.local', host },
        allocatable,
        runtimeName: version.runtimeName,
      },
      runtime,
      images: new ImageManager({ images, clock }),
      volumes: new VolumeManager({ rootDirectory, memoryDirectory, mounter, clock }),
      objects: new ObjectCache({ client, clock, random, log, changed }),
      tokens: new TokenManager({ client, clock, random }),
      cgroups: this.#cgroups(),
      recorder: this.#recorder,
      status: new StatusManager({ client, clock, log, known }),
      crashes: new Backoff({ clock }),
      clock,
      random,
      log,
      runProbe: this.#options.runProbe ?? probeRunner(runtime),
      services: async () => {
        await this.#services.synced;
        return this.#services.lister.list();
      },
    };
  }

  #cgroups(): PodCgroups {
    const { cgroupRoot, clock } = this.#options;
    return cgroupRoot === undefined ? noCgroups : new CgroupFs({ root: cgroupRoot, clock });
  }

  #server(services: NodeServices, workers: PodWorkers): KubeletServer | undefined {
    const { serving, log, nodeName, clusterDns, maxPods = 110, runtime, clock } = this.#options;
    if (!serving) return undefined;
    const configuration = {
      kind: 'KubeletConfiguration',
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      clusterDNS: clusterDns,
      clusterDomain: services.node.dns.clusterDomain,
      maxPods,
      port: serving.port,
    };
    const context = { workers, status: services.status, runtime, clock, nodeName, configuration };
    return new KubeletServer({ context, serving, log });
  }

  #reporter(machine: MachineFacts, version: VersionResponse, port: number, images: ImageService): NodeReporter {
    const {
      client,
      runtime,
      clock,
      log,
      nodeName: name,
      nodeIp,
      maxPods = 110,
      nodeLabels: labels = {},
    } = this.#options;
    const recorder = this.#recorder;
    const ips = [nodeIp];
    return new NodeReporter({
      client,
      runtime,
      images,
      clock,
      log,
      recorder,
      name,
      ips,
      port,
      maxPods,
      machine,
      version,
      labels,
    });
  }

  #lease(): NodeLease {
    const { client, clock, log, nodeName } = this.#options;
    return new NodeLease({ client, clock, log, nodeName, node: () => this.#ownNode() });
  }

  #toldCidr = '';

  #tellPodCidr(node: Node): void {
    const podCidr = node.spec.podCIDR ?? '';
    if (podCidr === '' || podCidr === this.#toldCidr) return;
    this.#toldCidr = podCidr;
    const { runtime, log } = this.#options;
    runtime.updateRuntimeConfig({ runtimeConfig: { networkConfig: { podCidr } } }).catch((error: unknown) => {
      this.#toldCidr = ''; // the next news of the node tries again
      log.warn({ podCidr, error: messageOf(error) }, 'the runtime did not take the pod network');
    });
  }
}
