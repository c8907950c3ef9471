import { BlockList, isIP } from 'node:net';
import { messageOf, type Clock, type Component, type Logger } from '#base';
import { EtcdError, type Store } from '#etcd';
import type { KubeObject } from '#machinery';
import { ensure, systemContext } from '../registry/defaults.ts';
import type { Rest } from '../registry/rest.ts';
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
    const { isShared, endpoints, rest } = this.#options;
    const addresses = isShared ? await this.#all() : this.#addresses;
    const reachable = { addresses, port: endpoints.port };
    await publish(rest('discovery.k8s.io', 'endpointslices'), sliceOf(reachable), signal);
    await publish(rest('', 'endpoints'), endpointsOf(reachable), signal);
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

  /** The addresses of all servers, after saying that this one is there. */
  async #all(): Promise<string[]> {
    const { store } = this.#options;
    if (!(await this.#isKnown())) await this.#sayWhere();
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

  async #sayWhere(): Promise<void> {
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

function sliceOf({ addresses, port }: Endpoints): Pick<KubeObject, 'metadata'> {
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
function endpointsOf({ addresses, port }: Endpoints): Pick<KubeObject, 'metadata'> {
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

async function publish(rest: Rest, object: Pick<KubeObject, 'metadata'>, signal: AbortSignal): Promise<void> {
  const context = systemContext(signal);
  if (await ensure(rest, context, 'default', object)) return;
  await rest.update(context, 'default', 'kubernetes', object);
}
