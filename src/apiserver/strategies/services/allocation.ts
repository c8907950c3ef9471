import { messageOf, type Logger, type Random } from '#base';
import { FieldErrors, FieldPath, isEqualJson } from '#machinery';
import type { Service } from '#api';
import type { Reservation } from '../../registry/strategy.ts';
import type { AddressBook } from './address-book.ts';
import { AddressRange, type Family } from './address-range.ts';
import { ClusterIps } from './cluster-ips.ts';
import { initFamilies } from './families.ts';
import { reserveNodePorts } from './node-ports.ts';
import { PortAllocator, type PortRange } from './port-allocator.ts';
import type { PortBook } from './port-book.ts';
import { clusterIpsOf, invalidService, isHeadless, needsClusterIp, nodePortsOf } from './traits.ts';

export interface ServiceAllocationOptions {
  /** The ranges that the cluster was made with, one or one of each family; the first says which family is the usual. */
  readonly cidrs: readonly string[];
  readonly book: AddressBook;
  readonly nodePorts: PortRange;
  readonly portBook: PortBook;
  readonly random: Random;
  readonly log: Logger;
}

/**
 * Gives Services their addresses and node ports. Both are taken by writing to the store, so that several API servers may
 * do so: an address by an object of its own, a port in the one object that tells of all.
 */
export class ServiceAllocation {
  readonly ips: ClusterIps;
  readonly ports: PortAllocator;
  readonly book: AddressBook;
  readonly cidrs: readonly string[];
  readonly #families: readonly Family[];
  readonly #log: Logger;

  constructor({ cidrs, book, nodePorts, portBook, random, log }: ServiceAllocationOptions) {
    this.cidrs = cidrs;
    this.book = book;
    this.#families = cidrs.map((cidr) => new AddressRange(cidr).family);
    this.ips = new ClusterIps({ book, random });
    this.ports = new PortAllocator({ range: nodePorts, book: portBook, random });
    this.#log = log;
  }

  /** Gives back what a deleted Service had. */
  async release(service: Service): Promise<void> {
    await this.#releasePorts(nodePortsOf(service));
    await this.#releaseIps(clusterIpsOf(service));
  }

  /** Gives a Service what it needs and has not; what `old` had and it has not is given back once it is written. */
  async reserve(service: Service, old: Service | undefined, dryRun: boolean): Promise<Reservation | undefined> {
    if (old && isEqualJson(service.spec, old.spec)) return undefined;
    initFamilies(service, old, this.#families);
    const taken: Taken = { ips: [], ports: [] };
    try {
      await this.#reserveIps(service, new Set(old ? clusterIpsOf(old) : []), taken, dryRun);
      const had = new Set(old ? nodePortsOf(old) : []);
      await reserveNodePorts(service, { ports: this.ports, had, taken: taken.ports, dryRun });
    } catch (error) {
      await this.#giveBack(taken, dryRun);
      throw error;
    }
    return {
      settle: async (written) => {
        if (!written) return this.#giveBack(taken, dryRun);
        if (old) await this.#releaseUnused(service, old);
      },
    };
  }

  async #reserveIps(service: Service, had: ReadonlySet<string>, taken: Taken, dryRun: boolean): Promise<void> {
    if (!needsClusterIp(service) || isHeadless(service)) return;
    const { spec } = service;
    const ips: string[] = [];
    for (const [at, family] of (spec.ipFamilies ?? []).entries()) {
      const wanted = spec.clusterIPs?.[at] ?? '';
      const isOwn = wanted !== '' && had.has(wanted);
      const ip = isOwn ? wanted : await this.#reserveIp(service, wanted, family, dryRun);
      ips.push(ip);
      if (!isOwn) taken.ips.push(ip);
    }
    spec.clusterIPs = ips;
    if (ips[0] !== undefined) spec.clusterIP = ips[0];
  }

  async #reserveIp(service: Service, wanted: string, family: Family, dryRun: boolean): Promise<string> {
    if (wanted === '') return this.ips.takeAny(family, service, dryRun);
    const problem = await this.ips.take(wanted, service, dryRun);
    if (problem === undefined) return wanted;
    const errors = new FieldErrors();
    const at = FieldPath.of('spec', 'clusterIPs');
    errors.invalid(at, service.spec.clusterIPs, `failed to allocate IP ${wanted}: ${problem}`);
    throw invalidService(service, errors);
  }

  async #giveBack({ ips, ports }: Taken, dryRun: boolean): Promise<void> {
    if (dryRun) return;
    await this.#releasePorts(ports);
    await this.#releaseIps(ips);
  }

  async #releaseUnused(service: Service, old: Service): Promise<void> {
    const [ips, ports] = [new Set(clusterIpsOf(service)), new Set(nodePortsOf(service))];
    await this.#releasePorts(nodePortsOf(old).filter((port) => !ports.has(port)));
    await this.#releaseIps(clusterIpsOf(old).filter((ip) => !ips.has(ip)));
  }

  async #releasePorts(ports: readonly number[]): Promise<void> {
    try {
      await this.ports.release(ports);
    } catch (error) {
      this.#log.warn({ ports, error: messageOf(error) }, 'cannot release the node ports of a service');
    }
  }

  /** What fails here is repaired later; the Service is written by now. */
  async #releaseIps(ips: readonly string[]): Promise<void> {
    for (const ip of ips) {
      try {
        await this.book.release(ip);
      } catch (error) {
        this.#log.warn({ ip, error: messageOf(error) }, 'cannot release the address of a service');
      }
    }
  }
}

/** What one write took so far. */
interface Taken {
  readonly ips: string[];
  readonly ports: number[];
}
