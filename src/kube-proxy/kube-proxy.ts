import {
  execute,
  ProcessError,
  runProcess,
  untilAborted,
  type Clock,
  type Component,
  type Logger,
  type Random,
} from '#base';
import { endpointSlices, services, type EndpointSlice, type Service } from '#api';
import { InformerFactory, type Client, type Informer } from '#client';
import { keyOf, namespaceOf } from '#machinery';
import { plan } from './plan.ts';
import { emptyRuleset, transition, type Ruleset } from './ruleset.ts';
import { servicePorts, type ServicePort } from './service-port.ts';
import { skeleton } from './skeleton.ts';
import { parseFlows, staleFlows, udpState } from './stale-flows.ts';

export interface KubeProxyOptions {
  client: Client;
  clock: Clock;
  random: Random;
  log: Logger;
  nodeName: string;
  /** All pods' addresses: what comes from elsewhere to a cluster IP is masqueraded. */
  podCidr?: string;
  /** Applies nft commands as one transaction; the default runs `nft` in the network namespace of this process. */
  apply?: (commands: readonly string[]) => Promise<void>;
  /** Runs `conntrack` with these arguments, and returns what it prints; the default does so in this process' network. */
  conntrack?: (args: readonly string[]) => Promise<string>;
}

const table = 'ip kedge-proxy';
/** News that arrives within this time is applied together. */
const gatherMs = 20;
/** After a failure, the whole table is made anew after this time. */
const retryMs = 1000;
const serviceNameLabel = 'kubernetes.io/service-name';

/** The Service proxy of a node. */
export class KubeProxy implements Component {
  readonly #options: KubeProxyOptions;
  readonly #informers: InformerFactory;
  readonly #services: Informer<Service>;
  readonly #slices: Informer<EndpointSlice>;
  readonly #apply: (commands: readonly string[]) => Promise<void>;
  readonly #conntrack: (args: readonly string[]) => Promise<string>;
  #news = Promise.withResolvers<void>();
  /** What the kernel has; undefined when that is not known. */
  #applied: Ruleset | undefined;
  /** The UDP endpoints for which stale flows were last looked for. */
  #udp = udpState([]);

  constructor(options: KubeProxyOptions) {
    this.#options = options;
    this.#apply = options.apply ?? applyWithNft;
    this.#conntrack = options.conntrack ?? runConntrack;
    this.#informers = new InformerFactory(options);
    this.#services = this.#informers.of(services);
    this.#slices = this.#informers.of(endpointSlices);
    this.#slices.addIndex('service', (slice) => [serviceKeyOf(slice)]);
    const onNews = (): void => this.#news.resolve();
    for (const informer of [this.#services, this.#slices])
      informer.on({ added: onNews, updated: onNews, deleted: onNews });
  }

  /** Keeps the rules in step with the Services until the signal aborts, then removes them. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController(); // what fails must not wait for informers that nobody stops
    const informers = this.#informers.run(AbortSignal.any([signal, ended.signal]));
    try {
      await this.#informers.waitForSync(signal);
      await this.#follow(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      ended.abort();
      await informers;
      await this.#apply([`add table ${table}`, `delete table ${table}`]);
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      this.#news = Promise.withResolvers<void>();
      try {
        await this.#sync();
      } catch (error) {
        log.error({ error }, 'rules could not be applied; the table will be made anew');
        this.#applied = undefined;
        await clock.sleep(retryMs, signal);
        continue;
      }
      await untilAborted(this.#news.promise, signal);
      if (!signal.aborted) await clock.sleep(gatherMs, signal);
    }
  }

  async #sync(): Promise<void> {
    const ports = this.#ports();
    const wanted = plan(ports, this.#options.podCidr);
    const start = this.#applied === undefined ? skeleton(table) : [];
    const commands = [...start, ...transition(table, this.#applied ?? emptyRuleset, wanted)];
    if (commands.length > 0) await this.#apply(commands);
    this.#applied = wanted;
    if (commands.length > 0) this.#options.log.debug({ commands: commands.length }, 'rules applied');
    await this.#endStaleFlows(ports);
  }

  /** Without the tool the rules still hold; only UDP clients of an endpoint that went wait for their flow to time out. */
  async #endStaleFlows(ports: readonly ServicePort[]): Promise<void> {
    const state = udpState(ports);
    if (state === this.#udp) return;
    this.#udp = state;
    try {
      const flows = parseFlows(await this.#conntrack(['-L', '-f', 'ipv4', '-p', 'udp']));
      for (const { address, port, endpoint } of staleFlows(flows, ports)) {
        const flow = ['--orig-dst', address, '--orig-port-dst', String(port), '--reply-src', endpoint];
        await this.#conntrack(['-D', '-f', 'ipv4', '-p', 'udp', ...flow]);
        this.#options.log.debug({ address, port, endpoint }, 'stale flows ended');
      }
    } catch (error) {
      this.#options.log.warn({ error }, 'stale UDP flows were not looked for');
    }
  }

  #ports(): ServicePort[] {
    return this.#services.lister
      .list()
      .flatMap((service) =>
        servicePorts(service, this.#slices.byIndex('service', keyOf(service)), this.#options.nodeName),
      );
  }
}

function serviceKeyOf(slice: EndpointSlice): string {
  return `${namespaceOf(slice)}/${slice.metadata.labels?.[serviceNameLabel] ?? ''}`;
}

/** A deletion that finds nothing left to delete exits with 1; that is as good. */
async function runConntrack(args: readonly string[]): Promise<string> {
  const command = ['conntrack', ...args] as const;
  const result = await runProcess(command);
  if (result.code !== 0 && !result.stderr.includes(' 0 flow entries')) throw new ProcessError(command, result);
  return result.stdout;
}

async function applyWithNft(commands: readonly string[]): Promise<void> {
  await execute(['nft', '-f', '-'], { input: `${commands.join('\n')}\n` });
}
