import type { IPAddress, Service, ServiceCIDR } from '#api';
import type { AddressBook } from '../address-book.ts';

type Conditions = NonNullable<ServiceCIDR['status']['conditions']>;

/** Addresses without an API server. */
export class MemoryBook implements AddressBook {
  /** What is said of all ranges. */
  conditions: Conditions = [];
  readonly #cidrs: readonly string[];
  readonly #taken = new Map<string, IPAddress>();

  constructor(cidrs: readonly string[]) {
    this.#cidrs = cidrs;
  }

  /** What is taken, sorted. */
  get taken(): string[] {
    return [...this.#taken.keys()].sort();
  }

  ranges(): readonly ServiceCIDR[] {
    const [spec, status] = [{ cidrs: [...this.#cidrs] }, { conditions: this.conditions }];
    return [{ metadata: { name: 'kubernetes' }, spec, status }];
  }

  addresses(): readonly IPAddress[] {
    return [...this.#taken.values()];
  }

  isTaken(ip: string): boolean {
    return this.#taken.has(ip);
  }

  async take(ip: string, { metadata }: Service): Promise<boolean> {
    if (this.#taken.has(ip)) return false;
    const { namespace = '', name = '' } = metadata;
    const parentRef = { group: '', resource: 'services', namespace, name };
    this.#taken.set(ip, { metadata: { name: ip }, spec: { parentRef } });
    return true;
  }

  async release(ip: string): Promise<void> {
    this.#taken.delete(ip);
  }
}
