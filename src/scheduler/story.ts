import { events, nodes, pods, type Node, type Pod } from '#api';
import { seededRandom, silentLogger, VirtualClock } from '#base';
import { Client, FakeTransport, type New } from '#client';
import { Scheduler, type SchedulerOptions } from './scheduler.ts';

/** What a test says of a node; the rest is a node of 4 cores and 8 GiB for 110 pods. */
export interface NodeOptions {
  labels?: Record<string, string>;
  allocatable?: Record<string, string>;
  spec?: Node['spec'];
}

export function aNode(name: string, { labels = {}, allocatable = {}, spec = {} }: NodeOptions = {}): New<Node> {
  const all = { cpu: '4', memory: '8Gi', pods: '110', ...allocatable };
  const metadata = { name, labels: { 'kubernetes.io/hostname': name, ...labels } };
  return { metadata, spec, status: { allocatable: all, capacity: all } };
}

/** A pod of one container that asks for `requests`. */
export function aPod(name: string, spec: Partial<Pod['spec']> = {}, requests?: Record<string, string>): New<Pod> {
  const container = { name: 'main', image: 'image', ...(requests && { resources: { requests } }) };
  const full = { schedulerName: 'default-scheduler', containers: [container], ...spec };
  return { metadata: { name, namespace: 'default' }, spec: full, status: { phase: 'Pending' } };
}

/** A scheduler over a fake API server, under a clock that the test moves. */
export class Story implements AsyncDisposable {
  readonly clock = new VirtualClock();
  readonly transport: FakeTransport;
  readonly client: Client;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  /** With the transport of another story it is a scheduler that comes after, or beside, the first. */
  constructor({ transport, ...options }: Partial<SchedulerOptions> & { transport?: FakeTransport } = {}) {
    this.transport = transport ?? new FakeTransport({ clock: this.clock });
    this.client = new Client({ transport: this.transport, component: 'test' });
    const { clock, client } = this;
    this.#running = new Scheduler({ client, clock, random: seededRandom(7), log: silentLogger, ...options }).run(
      this.#stop.signal,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  nodes(...list: New<Node>[]): void {
    this.transport.seed(nodes, ...list);
  }

  pods(...list: New<Pod>[]): void {
    this.transport.seed(pods, ...list);
  }

  pod(name: string): Pod | undefined {
    return this.transport.object(pods, `default/${name}`);
  }

  /** The node that a pod has. */
  nodeOf(name: string): string | undefined {
    return this.pod(name)?.spec.nodeName;
  }

  /** Moves the clock; all that can happen without it moving further has happened then. */
  async pass(ms = 0): Promise<void> {
    for (let turn = 0; turn < 8; turn++) await this.clock.advance(0);
    await this.clock.advance(ms);
    for (let turn = 0; turn < 8; turn++) await this.clock.advance(0);
  }

  /** What was told of a pod: `Reason: message`, with the count when there was more than one. */
  told(name: string): string[] {
    const about = this.transport.objects(events).filter(({ involvedObject }) => involvedObject.name === name);
    return about.map(({ reason, message, count = 1 }) => `${reason}: ${message}${count > 1 ? ` (x${count})` : ''}`);
  }

  /** How often a call was made: `create pods/binding`. */
  calls(verb: string, path: string): number {
    return this.transport.calls.filter(
      (call) => call.verb === verb && [call.resource.plural, call.subresource].filter(Boolean).join('/') === path,
    ).length;
  }
}
