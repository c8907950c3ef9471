import { BlockList, isIP } from 'node:net';
import { messageOf, type Clock, type Component, type Logger } from '#base';
import { EtcdError, type Store } from '#etcd';
import type { KubeObject } from '#machinery';
import { systemContext } from '../registry/defaults.ts';
import { findNow, untilNotOvertaken } from '../registry/overtaken.ts';
import type { RequestContext, Rest } from '../registry/rest.ts';
import { Keeper } from './keeper.ts';

export interface ServiceEndpointsOptions {
  readonly rest: (group: string, plural: string) => Rest;
  readonly store: Store;
  /** Where this API server answers. */
  readonly endpoints: Endpoints;
  /** Whether others serve the same store. */
  readonly isShared: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Endpoints {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** What is written, in one form or the other. */
type Form = Pick<KubeObject, 'metadata'>;

const prefix = '/registry/masterleases/';
/** How long an API server that says nothing any more counts as there (`reconcilers/lease.go`). */
const ttlSeconds = 15;
const intervalMs = 10_000;

/**
 * What the Service `kubernetes` leads to: this API server, or all that serve the store. Each of those keeps a key there
 * that vanishes with it, where upstream's have them.
 */
export class ServiceEndpoints implements Component {
  readonly #options: ServiceEndpointsOptions;
  readonly #addresses: readonly string[];
  #lease: bigint | undefined;

  constructor(options: ServiceEndpointsOptions) {
    this.#options = options;
    this.#addresses = options.endpoints.addresses.filter((address) => !isLoopback(address));
  }

  /** Writes who is there; this may have changed since the last time. */
  async reconcile(signal: AbortSignal): Promise<void> {
    if (this.#addresses.length === 0) return;
    const { isShared, rest } = this.#options;
    if (isShared) await this.#sayWhere();
    const context = systemContext(signal);
    await untilNotOvertaken(() => this.#publish(rest('discovery.k8s.io', 'endpointslices'), context, sliceOf));
    await untilNotOvertaken(() => this.#publish(rest('', 'endpoints'), context, endpointsOf));
  }

  /**
   * Looks who is there after reading what is to be written over: so a server that saw fewer cannot write away one that
   * another saw meanwhile.
   */
  async #publish(rest: Rest, context: RequestContext, formOf: (endpoints: Endpoints) => Form): Promise<void> {
    const { isShared, endpoints } = this.#options;
    const found = await findNow(rest, context, 'default', 'kubernetes');
    const addresses = isShared ? await this.#all() : this.#addresses;
    const wanted = formOf({ addresses, port: endpoints.port });
    if (!found) return void (await rest.create(context, 'default', wanted));
    const { resourceVersion } = found.object.metadata;
    const metadata = { ...wanted.metadata, resourceVersion };
    await rest.update(context, 'default', 'kubernetes', { ...wanted, metadata });
  }

  /** Keeps this server's key alive and looks who else is there; at the end the others need not wait until it vanishes. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    const reconcile = (): Promise<void> => this.reconcile(signal);
    await new Keeper({ name: 'service endpoints', reconcile, intervalMs, clock, log }).run(signal);
    await this.#leave();
  }

  async #leave(): Promise<void> {
    const { store, log } = this.#options;
    if (this.#lease === undefined) return;
    await store.leaseRevoke(this.#lease).catch((error: unknown) => {
      log.debug({ error: messageOf(error) }, 'the key of this server vanishes by itself');
    });
  }

  async #all(): Promise<string[]> {
    const { store } = this.#options;
    const { kvs } = await store.range({ key: Buffer.from(prefix), rangeEnd: Buffer.from(`${prefix.slice(0, -1)}0`) });
    return kvs.map(({ key }) => Buffer.from(key).toString().slice(prefix.length));
  }

  async #isKnown(): Promise<boolean> {
    if (this.#lease === undefined) return false;
    try {
      await this.#options.store.leaseKeepAlive(this.#lease);
      return true;
    } catch (error) {
      if (error instanceof EtcdError && error.code === 'ErrLeaseNotFound') return false;
      throw error;
    }
  }

  /** Says that this server is there, for as long as its key lives. */
  async #sayWhere(): Promise<void> {
    if (await this.#isKnown()) return;
    const { store } = this.#options;
    const { id } = await store.leaseGrant({ ttlSeconds });
    for (const ip of this.#addresses) {
      const metadata = { creationTimestamp: null };
      const value = { kind: 'Endpoints', apiVersion: 'v1', metadata, subsets: [{ addresses: [{ ip }] }] };
      await store.put({ key: Buffer.from(prefix + ip), value: Buffer.from(JSON.stringify(value)), lease: id });
    }
    this.#lease = id;
  }
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** A loopback address is another machine to each reader, and no endpoint may have one. */
function isLoopback(address: string): boolean {
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function sliceOf({ addresses, port }: Endpoints): Form {
  const slice = {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'kubernetes' },
    },
    addressType: addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'https', protocol: 'TCP', port }],
  };
  return slice;
}

/** The same in the older form; the slice is there, so nobody is to mirror it (`controlplane/reconcilers`). */
function endpointsOf({ addresses, port }: Endpoints): Form {
  const endpoints = {
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ name: 'https', protocol: 'TCP', port }] }],
  };
  return endpoints;
}
