import { runAll, type Component, type Logger, type Timer } from '#base';
import { ApiServer, type ApiServerOptions } from '#apiserver';
import { Client } from '#client';
import { ControllerManager } from '#controller-manager';
import type { Store } from '#etcd';
import { Scheduler } from '#scheduler';
import type { KeyPair } from '#wire';
import { certificateAuthority } from './certificate-authority.ts';
import { dnsPolicy, DnsService, dnsServiceIp } from './dns-service.ts';
import { Elected } from './elected.ts';
import type { Machine } from './machine.ts';
import type { Pki } from './pki.ts';
import { Watched } from './watched.ts';

export interface ControlPlaneOptions {
  machine: Machine;
  log: Logger;
  store: Store;
  pki: Pki;
  /** What the API server shows. */
  serving: KeyPair;
  listen: ApiServerOptions['listen'];
  advertise: ApiServerOptions['advertise'];
  serviceCidr: string;
  podCidr: string;
  dialPod?: ApiServerOptions['dialPod'];
  /** Which resources are sealed in the store; default: none. */
  encryption?: ApiServerOptions['encryption'];
  /** Who this is among several on one store; alone without. */
  identity?: string;
}

/** What the others get to end before the API server does. */
const graceMs = 3_000;

/**
 * The API server, and the controllers and the scheduler that reach it without a network. Of several on one store one
 * runs the controllers and one the scheduler: who holds the Lease.
 */
export class ControlPlane implements Component {
  readonly #options: ControlPlaneOptions;
  readonly #ready = Promise.withResolvers<void>();

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.#ready.promise.catch(() => {}); // whoever runs it hears of it
  }

  /** Resolves when the API server answers; rejects when it could not start. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  async run(signal: AbortSignal): Promise<void> {
    const watched: Watched[] = [];
    const apiServer = await this.#apiServer(() => watched);
    apiServer.ready.then(this.#ready.resolve, this.#ready.reject);
    const ca = await this.#options.pki.ca();
    const manager = this.#led('kube-controller-manager', apiServer, () => this.#controllers(apiServer, ca));
    const scheduler = this.#led('kube-scheduler', apiServer, () => this.#scheduler(apiServer));
    watched.push(new Watched('scheduler', scheduler), new Watched('controller-manager', manager));
    await this.#runOn(apiServer, watched, signal);
  }

  /** The API server ends after those that it serves, so that a leader can give the lead back. */
  async #runOn(apiServer: ApiServer, parts: readonly Component[], signal: AbortSignal): Promise<void> {
    const last = new AbortController();
    const stop = (): void => last.abort(signal.reason);
    let timer: Timer | undefined;
    const stopInTime = (): void => void (timer = this.#options.machine.clock.timer(graceMs, stop));
    signal.addEventListener('abort', stopInTime, { once: true });
    const served: Component = { run: (end) => runAll(parts, end).finally(stop) };
    try {
      await runAll([{ run: () => apiServer.run(last.signal) }, served], signal);
    } finally {
      signal.removeEventListener('abort', stopInTime);
      timer?.cancel();
    }
  }

  async #apiServer(components: () => readonly Watched[]): Promise<ApiServer> {
    const { machine, store, pki, serving, listen, advertise, serviceCidr, dialPod, encryption, identity } =
      this.#options;
    const ca = (await pki.ca()).certPem;
    return new ApiServer({
      store,
      clock: machine.clock,
      random: machine.random,
      log: this.#logOf('apiserver'),
      listen,
      tls: { ...serving, clientCaPem: ca },
      kubeletClient: { ...(await pki.kubeletClient()), caPem: ca },
      serviceAccountKey: await pki.serviceAccountKey(),
      serviceCidr,
      advertise,
      sharesStore: identity !== undefined,
      policy: dnsPolicy(),
      ...(dialPod && { dialPod }),
      ...(encryption && { encryption }),
      components,
    });
  }

  /** What must not run twice. What is made anew may begin anew. */
  #led(name: string, apiServer: ApiServer, make: () => Component): Component {
    const { identity } = this.#options;
    if (identity === undefined) return make();
    return new Elected({ ...this.#part(apiServer, name), name, identity, make });
  }

  #controllers(apiServer: ApiServer, ca: KeyPair): Component {
    const manager = new ControllerManager({
      ...this.#part(apiServer, 'kube-controller-manager'),
      log: this.#logOf('controller-manager'),
      clusterCidr: this.#options.podCidr,
      rootCa: ca.certPem,
      certificateAuthority: certificateAuthority(ca),
    });
    const dns = new DnsService({ ...this.#part(apiServer, 'kedge'), ip: dnsServiceIp(this.#options) });
    return { run: (signal) => runAll([manager, dns], signal) };
  }

  #scheduler(apiServer: ApiServer): Component {
    return new Scheduler({ ...this.#part(apiServer, 'kube-scheduler'), log: this.#logOf('scheduler') });
  }

  #part(apiServer: ApiServer, name: string) {
    const { clock, random } = this.#options.machine;
    const transport = apiServer.transport({ name: `system:${name}`, groups: ['system:masters'] });
    return { client: new Client({ transport, component: name }), clock, random, log: this.#logOf(name) };
  }

  #logOf(component: string): Logger {
    return this.#options.log.child({ component });
  }
}
