import type { Service } from '#api';
import type { Logger } from '#base';
import { keyOf } from '#machinery';
import type { PortAllocator } from './port-allocator.ts';
import { nodePortsOf } from './traits.ts';

/** A Service that is still to be written has its ports already: what nobody holds is given back at this sight only. */
const sightsBeforeRelease = 4;

/** Makes Services and the ports that are taken agree (`portallocator/controller/repair.go`). */
export class PortRepair {
  readonly #ports: PortAllocator;
  readonly #log: Logger;
  /** How often each port was seen taken, and held by nobody. */
  readonly #sights = new Map<number, number>();

  constructor({ ports, log }: { ports: PortAllocator; log: Logger }) {
    this.#ports = ports;
    this.#log = log;
  }

  /** Looks at all Services there are. */
  async repair(services: readonly Service[]): Promise<void> {
    const holders = new Map<number, string>();
    for (const service of services) {
      for (const port of nodePortsOf(service)) this.#note(port, keyOf(service), holders);
    }
    const { added, leaked } = await this.#ports.hold(new Set(holders.keys()));
    for (const port of added) this.#log.debug({ service: holders.get(port), port }, 'took the node port of a service');
    for (const port of this.#sights.keys()) if (!leaked.includes(port)) this.#sights.delete(port);
    await this.#ports.release(leaked.filter((port) => this.#isOfNobody(port)));
  }

  #note(port: number, service: string, holders: Map<number, string>): void {
    const other = holders.get(port);
    if (other !== undefined) {
      this.#log.warn({ service, port, other }, 'two services have the same node port; recreate one');
      return;
    }
    holders.set(port, service);
    if (this.#ports.isInRange(port)) return;
    this.#log.warn({ service, port }, 'the node port of a service is not within the range; recreate the service');
  }

  #isOfNobody(port: number): boolean {
    const sights = (this.#sights.get(port) ?? 0) + 1;
    this.#sights.set(port, sights);
    if (sights < sightsBeforeRelease) return false;
    this.#log.warn({ port }, 'a node port is of no service; cleaning up');
    this.#sights.delete(port);
    return true;
  }
}
