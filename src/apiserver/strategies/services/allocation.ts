import type { Random } from '#base';
import { FieldErrors, FieldPath, internalError, invalid } from '#machinery';
import type { Service } from '#api';
import type { Reservation } from '../../registry/strategy.ts';
import { IpAllocator } from './ip-allocator.ts';
import { PortAllocator, type PortRange } from './port-allocator.ts';
import {
  clusterIpsOf,
  isHeadless,
  needsClusterIp,
  needsHealthCheckPort,
  needsNodePort,
  nodePortsOf,
} from './traits.ts';

/**
 * Who has which cluster IP and node port. It lives in memory and is filled from the stored Services at start: the one API
 * server of a cluster is the only one who gives them out.
 */
export class ServiceAllocation {
  readonly ips: IpAllocator;
  readonly ports: PortAllocator;

  constructor({ cidr, nodePorts, random }: { cidr: string; nodePorts: PortRange; random: Random }) {
    this.ips = new IpAllocator(cidr, random);
    this.ports = new PortAllocator(nodePorts, random);
  }

  /** Takes what a stored Service has; returns what is out of range or somebody else's. */
  adopt(service: Service): string[] {
    const ips = clusterIpsOf(service).filter((ip) => this.ips.take(ip) !== undefined);
    const ports = nodePortsOf(service).filter((port) => this.ports.take(port) !== undefined);
    return [...ips, ...ports.map(String)];
  }

  /** Gives back what a deleted Service had. */
  release(service: Service): void {
    for (const ip of clusterIpsOf(service)) this.ips.release(ip);
    for (const port of nodePortsOf(service)) this.ports.release(port);
  }

  /** Gives a Service what it needs and has not; what `old` had and it has not is given back once it is written. */
  reserve(service: Service, old: Service | undefined): Reservation {
    const taken = new Taken(this);
    try {
      const oldIps = new Set(old ? clusterIpsOf(old) : []);
      const oldPorts = new Set(old ? nodePortsOf(old) : []);
      if (needsClusterIp(service) && !isHeadless(service)) this.#reserveIp(service, oldIps, taken);
      this.#reservePorts(service, oldPorts, taken);
      const ips = new Set(clusterIpsOf(service));
      const ports = new Set(nodePortsOf(service));
      return {
        settle: (written) => {
          if (!written) return taken.giveBack();
          for (const ip of oldIps.difference(ips)) this.ips.release(ip);
          for (const port of oldPorts.difference(ports)) this.ports.release(port);
        },
      };
    } catch (error) {
      taken.giveBack();
      throw error;
    }
  }

  #reserveIp(service: Service, had: ReadonlySet<string>, taken: Taken): void {
    const { spec } = service;
    const [wanted] = clusterIpsOf(service);
    if (wanted === undefined) {
      const ip = this.ips.takeAny();
      if (ip === undefined) throw internalError('failed to allocate a serviceIP: range is full');
      taken.ips.push(ip);
      spec.clusterIP = ip;
      spec.clusterIPs = [ip];
      return;
    }
    if (had.has(wanted)) return;
    const problem = this.ips.take(wanted);
    if (problem !== undefined) {
      const errors = new FieldErrors();
      const at = FieldPath.of('spec', 'clusterIPs');
      errors.invalid(at, spec.clusterIPs, `failed to allocate IP ${wanted}: ${problem}`);
      throw invalidService(service, errors);
    }
    taken.ips.push(wanted);
  }

  #reservePorts(service: Service, had: ReadonlySet<number>, taken: Taken): void {
    const { spec } = service;
    for (const [index, port] of (spec.ports ?? []).entries()) {
      if (!port.nodePort && !needsNodePort(service)) continue;
      const at = FieldPath.of('spec', 'ports').index(index).child('nodePort');
      // The same port number over another protocol shares the node port.
      const sibling = spec.ports?.slice(0, index).find((one) => one.port === port.port)?.nodePort;
      port.nodePort = this.#reservePort(service, port.nodePort || sibling || 0, at, had, taken);
    }
    if (!needsHealthCheckPort(service)) return;
    const at = FieldPath.of('spec', 'healthCheckNodePort');
    spec.healthCheckNodePort = this.#reservePort(service, spec.healthCheckNodePort ?? 0, at, had, taken);
  }

  #reservePort(service: Service, wanted: number, at: FieldPath, had: ReadonlySet<number>, taken: Taken): number {
    if (wanted !== 0 && (had.has(wanted) || taken.ports.includes(wanted))) return wanted;
    const port = wanted === 0 ? this.ports.takeAny() : wanted;
    const problem = wanted === 0 ? undefined : this.ports.take(wanted);
    if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
    if (problem !== undefined) {
      const errors = new FieldErrors();
      errors.invalid(at, wanted, problem);
      throw invalidService(service, errors);
    }
    taken.ports.push(port);
    return port;
  }
}

/** What one write took so far. */
class Taken {
  readonly ips: string[] = [];
  readonly ports: number[] = [];
  readonly #from: ServiceAllocation;

  constructor(from: ServiceAllocation) {
    this.#from = from;
  }

  giveBack(): void {
    for (const ip of this.ips) this.#from.ips.release(ip);
    for (const port of this.ports) this.#from.ports.release(port);
  }
}

function invalidService({ metadata }: Service, errors: FieldErrors): Error {
  return invalid({ group: '', kindName: 'Service' }, metadata.name ?? '', errors);
}
