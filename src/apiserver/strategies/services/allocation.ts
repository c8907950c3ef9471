import { messageOf, type Logger, type Random } from '#base';
import { FieldErrors, FieldPath, internalError, invalid, isEqualJson } from '#machinery';
import type { Service } from '#api';
import type { Reservation } from '../../registry/strategy.ts';
import type { AddressBook } from './address-book.ts';
import { AddressRange, type Family } from './address-range.ts';
import { ClusterIps } from './cluster-ips.ts';
import { initFamilies } from './families.ts';
import { PortAllocator, type PortRange } from './port-allocator.ts';
import {
  clusterIpsOf,
  isHeadless,
  needsClusterIp,
  needsHealthCheckPort,
  needsNodePort,
  nodePortsOf,
} from './traits.ts';

export interface ServiceAllocationOptions {
  /** The ranges that the cluster was made with, one or one of each family; the first says which family is the usual. */
  readonly cidrs: readonly string[];
  readonly book: AddressBook;
  readonly nodePorts: PortRange;
  readonly random: Random;
  readonly log: Logger;
}

/**
 * Gives Services their addresses and node ports. Addresses are taken by writing objects, so that several API servers may
 * do so; which node ports are taken is kept in memory, and learned from the stored Services.
 */
export class ServiceAllocation {
  readonly ips: ClusterIps;
  readonly ports: PortAllocator;
  readonly book: AddressBook;
  readonly cidrs: readonly string[];
  readonly #families: readonly Family[];
  readonly #log: Logger;

  constructor({ cidrs, book, nodePorts, random, log }: ServiceAllocationOptions) {
    this.cidrs = cidrs;
    this.book = book;
    this.#families = cidrs.map((cidr) => new AddressRange(cidr).family);
    this.ips = new ClusterIps({ book, random });
    this.ports = new PortAllocator(nodePorts, random);
    this.#log = log;
  }

  /** Gives back what a deleted Service had. */
  async release(service: Service): Promise<void> {
    for (const port of nodePortsOf(service)) this.ports.release(port);
    await this.#releaseIps(clusterIpsOf(service));
  }

  /** Gives a Service what it needs and has not; what `old` had and it has not is given back once it is written. */
  async reserve(service: Service, old: Service | undefined, dryRun: boolean): Promise<Reservation | undefined> {
    if (old && isEqualJson(service.spec, old.spec)) return undefined;
    initFamilies(service, old, this.#families);
    const taken: Taken = { ips: [], ports: [] };
    try {
      await this.#reserveIps(service, new Set(old ? clusterIpsOf(old) : []), taken, dryRun);
      this.#reservePorts(service, new Set(old ? nodePortsOf(old) : []), taken);
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

  #reservePorts(service: Service, had: ReadonlySet<number>, taken: Taken): void {
    const ports = service.spec.ports ?? [];
    for (const [index, port] of ports.entries()) {
      if (!port.nodePort && !needsNodePort(service)) continue;
      // The same port number over another protocol shares the node port.
      const wanted = port.nodePort || ports.find((one) => one.port === port.port && one.nodePort)?.nodePort || 0;
      port.nodePort = this.#reserveNodePort(service, wanted, index, had, taken);
    }
    if (needsHealthCheckPort(service)) this.#reserveHealthCheckPort(service, had, taken);
  }

  #reserveNodePort(service: Service, wanted: number, index: number, had: ReadonlySet<number>, taken: Taken): number {
    const { port, problem } = this.#takePort(wanted, had, taken);
    if (problem === undefined) return port;
    if (wanted === 0) throw internalError(`failed to allocate a nodePort: ${problem}`);
    const errors = new FieldErrors();
    errors.invalid(FieldPath.of('spec', 'ports').index(index).child('nodePort'), wanted, problem);
    throw invalidService(service, errors);
  }

  #reserveHealthCheckPort({ spec }: Service, had: ReadonlySet<number>, taken: Taken): void {
    const wanted = spec.healthCheckNodePort ?? 0;
    const { port, problem } = this.#takePort(wanted, had, taken);
    if (problem !== undefined) {
      const what = wanted === 0 ? 'a HealthCheck NodePort' : 'requested HealthCheck NodePort';
      throw internalError(`failed to allocate ${what} ${wanted}: ${problem}`);
    }
    spec.healthCheckNodePort = port;
  }

  #takePort(wanted: number, had: ReadonlySet<number>, taken: Taken): { port: number; problem?: string } {
    if (wanted !== 0 && (had.has(wanted) || taken.ports.includes(wanted))) return { port: wanted };
    const port = wanted === 0 ? this.ports.takeAny() : wanted;
    if (port === undefined) return { port: 0, problem: 'range is full' };
    const problem = wanted === 0 ? undefined : this.ports.take(wanted);
    if (problem !== undefined) return { port, problem };
    taken.ports.push(port);
    return { port };
  }

  async #giveBack({ ips, ports }: Taken, dryRun: boolean): Promise<void> {
    for (const port of ports) this.ports.release(port);
    if (!dryRun) await this.#releaseIps(ips);
  }

  async #releaseUnused(service: Service, old: Service): Promise<void> {
    const [ips, ports] = [new Set(clusterIpsOf(service)), new Set(nodePortsOf(service))];
    for (const port of nodePortsOf(old)) if (!ports.has(port)) this.ports.release(port);
    await this.#releaseIps(clusterIpsOf(old).filter((ip) => !ips.has(ip)));
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

function invalidService({ metadata }: Service, errors: FieldErrors): Error {
  return invalid({ group: '', kindName: 'Service' }, metadata.name ?? '', errors);
}
