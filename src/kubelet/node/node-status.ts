import { nodes, type Node, type NodeCondition, type NodeStatus } from '#api';
import { messageOf, type Clock, type Component, type Logger } from '#base';
import type { Client, EventRecorder } from '#client';
import type { Image, ImageService, RuntimeService, VersionResponse } from '#cri';
import { isStatusError } from '#machinery';
import { sameJson } from '../status/status-patch.ts';
import type { MachineFacts } from './machine.ts';
import { newNode, nodeStatus, type NodeInput } from './node-object.ts';

export interface NodeReporterOptions {
  readonly client: Client;
  readonly runtime: Pick<RuntimeService, 'status' | 'version'>;
  readonly images: Pick<ImageService, 'listImages'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: Pick<EventRecorder, 'event'>;
  readonly name: string;
  readonly ips: readonly string[];
  readonly port: number;
  readonly maxPods: number;
  readonly machine: MachineFacts;
  readonly version: VersionResponse;
  /** Labels beside the kubelet's own. */
  readonly labels: Record<string, string>;
}

const updateMs = 10_000;
const unchangedMs = 300_000;
/** Until the node is ready it looks this often, so that pods need not wait for the next update. */
const eagerMs = 100;
const eagerForMs = 30_000;

/** Registers the node and keeps its status true: looked at every 10 s, written when it changed, or every 5 minutes. */
export class NodeReporter implements Component {
  readonly #options: NodeReporterOptions;
  #reported: NodeStatus | undefined;
  #writtenMs = -Infinity;
  #wasReady: boolean | undefined;

  constructor(options: NodeReporterOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, name } = this.#options;
    const eagerUntilMs = clock.elapsed() + eagerForMs;
    let registered = false;
    while (!signal.aborted) {
      try {
        if (!registered) await this.#register(signal);
        registered = true;
        await this.#update(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isStatusError(error, 'NotFound')) registered = false;
        log.warn({ node: name, error: messageOf(error) }, 'node status could not be written');
      }
      const eager = (!registered || this.#wasReady !== true) && clock.elapsed() < eagerUntilMs;
      await clock.sleep(eager ? eagerMs : updateMs, signal).catch(() => {});
    }
  }

  async #register(signal: AbortSignal): Promise<void> {
    const { client, name, labels, log } = this.#options;
    const fresh = newNode(await this.#input([]));
    const node: Node = { ...fresh, metadata: { ...fresh.metadata, labels: { ...fresh.metadata.labels, ...labels } } };
    try {
      const created = await client.of(nodes).create(node, { signal });
      log.info({ node: name }, 'node registered');
      this.#reported = created.status;
    } catch (error) {
      if (!isStatusError(error, 'AlreadyExists')) throw error;
      const existing = await client.of(nodes).get(name, { signal });
      this.#reported = existing.status;
      const wanted = node.metadata.labels ?? {};
      const stale = Object.entries(wanted).some(([key, value]) => existing.metadata.labels?.[key] !== value);
      if (stale) await client.of(nodes).patch(name, { metadata: { labels: wanted } }, { signal });
    }
  }

  async #update(signal: AbortSignal): Promise<void> {
    const { client, clock, name } = this.#options;
    const status = nodeStatus(await this.#input(this.#reported?.conditions ?? []));
    const unchanged = sameJson(timeless(this.#reported), timeless(status));
    if (unchanged && clock.elapsed() - this.#writtenMs < unchangedMs) return;
    const type = 'application/strategic-merge-patch+json';
    const images = status.images ?? [];
    await client.of(nodes).patch(name, { status: { ...status, images } }, { type, subresource: 'status', signal });
    this.#reported = status;
    this.#writtenMs = clock.elapsed();
    this.#tellReadiness(status);
  }

  #tellReadiness(status: NodeStatus): void {
    const { recorder, name } = this.#options;
    const ready = status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    if (ready === this.#wasReady) return;
    const reason = ready ? 'NodeReady' : 'NodeNotReady';
    // Upstream's nodes refer to themselves by name in place of the uid.
    if (this.#wasReady !== undefined || ready) {
      recorder.event({ kind: 'Node', name, uid: name }, 'Normal', reason, `Node ${name} status is now: ${reason}`);
    }
    this.#wasReady = ready;
  }

  async #input(previous: readonly NodeCondition[]): Promise<NodeInput> {
    const { runtime, images, clock } = this.#options;
    const [status, listed] = await Promise.all([
      runtime.status({ verbose: false }).catch(() => undefined),
      images
        .listImages({})
        .then(({ images }) => images)
        .catch((): Image[] => []),
    ]);
    const { name, ips, port, maxPods, machine, version } = this.#options;
    return {
      name,
      ips,
      port,
      maxPods,
      machine,
      version,
      runtime: status,
      images: listed,
      nowMs: clock.now(),
      previous,
    };
  }
}

/** What the kubelet itself says, without the times of saying it. */
function timeless(status: NodeStatus | undefined): unknown {
  if (!status) return undefined;
  const { capacity, allocatable, addresses, daemonEndpoints, nodeInfo, images = [] } = status;
  const own = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'];
  const conditions = own.map((type) => {
    const { status: value, reason, message } = status.conditions?.find((one) => one.type === type) ?? {};
    return { type, value, reason, message };
  });
  return { capacity, allocatable, addresses, daemonEndpoints, nodeInfo, images, conditions };
}
