import { after, before } from 'node:test';
import { namespaces, serviceAccounts } from '#api';
import { silentLogger, systemClock, systemRandom } from '#base';
import { Client, httpTransport, type Transport } from '#client';
import { ControllerManager } from '#controller-manager';
import { Scheduler } from '#scheduler';
import { HttpClient } from '../../../src/apiserver/testing/http-client.ts';
import { startTestServer, type TestServer } from '../../../src/apiserver/testing/test-server.ts';
import { until } from '../../support/until.ts';
import { SimulatedNode, type SimulatedNodeOptions } from './simulated-node.ts';

/** No node falls silent in a test. */
const dayMs = 24 * 3600 * 1000;

export interface ConformanceClusterOptions extends SimulatedNodeOptions {
  nodes?: number;
  /** How long the API server keeps what was. */
  historyMs?: number;
}

/** What the behaviours of one file are shown on: an API server with its controllers, and an administrator's clients. */
export class ConformanceCluster {
  #server: TestServer | undefined;
  #transport: Transport | undefined;
  #http: HttpClient | undefined;
  #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  get server(): TestServer {
    if (!this.#server) throw new Error('the cluster is not up: use it within a test');
    return this.#server;
  }

  /** Speaks HTTPS, as a client outside of the cluster. */
  get client(): Client {
    if (!this.#transport) throw new Error('the cluster is not up: use it within a test');
    return new Client({ transport: this.#transport, component: 'e2e' });
  }

  /** The same user, for what has no typed call: headers, documents, raw bodies. */
  get http(): HttpClient {
    if (!this.#http) throw new Error('the cluster is not up: use it within a test');
    return this.#http;
  }

  /** A client of a component in the server's process. */
  inProcess(component: string): Client {
    const transport = this.server.server.transport({ name: `system:${component}`, groups: ['system:masters'] });
    return new Client({ transport, component });
  }

  /** Makes a namespace for one test and waits until pods can be created in it; returns its name. */
  async namespace(labels: Record<string, string> = {}): Promise<string> {
    const { metadata } = await this.client.of(namespaces).create({ metadata: { generateName: 'e2e-', labels } });
    const name = metadata.name ?? '';
    await until(
      () => this.client.of(serviceAccounts).in(name).get('default'),
      () => {},
    );
    return name;
  }

  /** Starts the API server, the controllers and, where nodes are asked for, the scheduler and the nodes. */
  async start({ nodes = 0, historyMs, ...node }: ConformanceClusterOptions = {}): Promise<void> {
    this.#server = await startTestServer(historyMs === undefined ? {} : { historyMs });
    const { url, caPem } = this.#server;
    const certificate = await this.#server.certificate('admin', ['system:masters']);
    this.#http = new HttpClient(this.#server, certificate);
    const { certPem: cert, keyPem: key } = certificate;
    this.#transport = httpTransport({ server: url, ca: caPem, cert, key, log: silentLogger });
    const tools = { clock: systemClock, random: systemRandom, log: silentLogger };
    const manager = new ControllerManager({
      client: this.inProcess('controller-manager'),
      rootCa: caPem,
      nodeMonitorGraceMs: dayMs,
      ...tools,
    });
    const scheduler = new Scheduler({ client: this.inProcess('scheduler'), ...tools });
    const all = Array.from({ length: nodes }, (_, at) => this.node(`node-${at + 1}`, node));
    const components = nodes > 0 ? [manager, scheduler, ...all] : [manager];
    this.#running = Promise.all(components.map((one) => one.run(this.#stop.signal)));
    await Promise.race([Promise.all(all.map((one) => one.ready)), this.#running]);
  }

  /** A node that no container ever runs on; the caller runs it. */
  node(name: string, options: SimulatedNodeOptions = {}): SimulatedNode {
    return new SimulatedNode({ name, client: this.inProcess(`node:${name}`), clock: systemClock, ...options });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#http?.[Symbol.dispose]();
    await this.#transport?.close?.();
    await this.#server?.[Symbol.asyncDispose]();
  }
}

/** The cluster of the `describe` it is called in: started before its tests, stopped after them. */
export function conformanceCluster(options: ConformanceClusterOptions = {}): ConformanceCluster {
  const cluster = new ConformanceCluster();
  before(() => cluster.start(options));
  after(() => cluster.stop());
  return cluster;
}
