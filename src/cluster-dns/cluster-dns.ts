import { once } from 'node:events';
import type { Component, Clock, Logger, Random } from '#base';
import { InformerFactory, type Client } from '#client';
import { listen, type ListenAddress } from './listen.ts';
import { respond, type Responder, type Upstream } from './respond.ts';
import { informerView } from './view.ts';

export interface ClusterDnsOptions {
  client: Client;
  clock: Clock;
  random: Random;
  log: Logger;
  listen: readonly ListenAddress[];
  /** `cluster.local`. */
  domain: string;
  /** Whom to ask about names outside the cluster; without it they are refused. */
  upstream?: Upstream;
}

/** The DNS server of a node. */
export class ClusterDns implements Component {
  readonly #options: ClusterDnsOptions;
  readonly #informers: InformerFactory;
  readonly #responder: Responder;

  constructor(options: ClusterDnsOptions) {
    const { client, clock, random, log, domain, upstream } = options;
    this.#options = options;
    this.#informers = new InformerFactory({ client, clock, random, log });
    this.#responder = { zone: domain.toLowerCase(), view: informerView(this.#informers), random, log, upstream };
  }

  /** Listens once the cluster's Services are known, so that no name is denied that exists. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = new AbortController(); // what fails must not wait for informers that nobody stops
    const informers = this.#informers.run(AbortSignal.any([signal, ended.signal]));
    try {
      await this.#informers.waitForSync(signal);
      await this.#serve(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      ended.abort();
      await informers;
    }
  }

  async #serve(signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    const closers: (() => Promise<void>)[] = [];
    try {
      for (const at of this.#options.listen) {
        closers.push(await listen(at, (message, limit) => respond(this.#responder, message, limit), log));
      }
      log.info({ listen: this.#options.listen }, 'answering DNS');
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await Promise.all(closers.map((close) => close()));
    }
  }
}
