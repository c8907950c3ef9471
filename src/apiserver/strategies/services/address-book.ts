import type { IPAddress, Service, ServiceCIDR } from '#api';
import { isStatusError } from '#machinery';
import type { Lookup } from '../../admission/plugin.ts';
import { systemContext } from '../../registry/defaults.ts';
import type { Rest } from '../../registry/rest.ts';
import { familyOf } from './address-range.ts';

const group = 'networking.k8s.io';

/** Who gives out addresses of Services, as the objects say. */
export const managedBy = 'ipallocator.k8s.io';
export const managedByLabel = 'ipaddress.kubernetes.io/managed-by';
export const familyLabel = 'ipaddress.kubernetes.io/ip-family';

/** Which addresses there are, and which are taken: what all API servers of a cluster agree on. */
export interface AddressBook {
  ranges(): readonly ServiceCIDR[];
  /** All that are taken, whoever did. */
  addresses(): readonly IPAddress[];
  /** As far as is known; `take` has the last word. */
  isTaken(ip: string): boolean;
  /** False when somebody else has it. */
  take(ip: string, service: Service): Promise<boolean>;
  /** It is well when the address was free. */
  release(ip: string): Promise<void>;
}

/** The addresses as objects: whoever creates the IPAddress of a name first has it. */
export class StoredAddresses implements AddressBook {
  readonly #lookup: () => Lookup;
  readonly #rest: () => Rest;
  readonly #context = systemContext(new AbortController().signal); // each write is over in no time

  constructor({ lookup, rest }: { lookup: () => Lookup; rest: () => Rest }) {
    this.#lookup = lookup;
    this.#rest = rest;
  }

  ranges(): readonly ServiceCIDR[] {
    return this.#lookup().list({ group, plural: 'servicecidrs' }) as readonly ServiceCIDR[];
  }

  addresses(): readonly IPAddress[] {
    return this.#lookup().list({ group, plural: 'ipaddresses' }) as readonly IPAddress[];
  }

  isTaken(ip: string): boolean {
    return this.#lookup().cached({ group, plural: 'ipaddresses' }, '', ip) !== undefined;
  }

  async take(ip: string, service: Service): Promise<boolean> {
    try {
      await this.#rest().create(this.#context, '', addressOf(ip, service));
      return true;
    } catch (error) {
      if (isStatusError(error, 'AlreadyExists')) return false;
      throw error;
    }
  }

  async release(ip: string): Promise<void> {
    try {
      await this.#rest().delete(this.#context, '', ip);
    } catch (error) {
      if (!isStatusError(error, 'NotFound')) throw error;
    }
  }
}

function addressOf(ip: string, { metadata }: Service): Pick<IPAddress, 'metadata' | 'spec'> {
  const { namespace = '', name = '' } = metadata;
  const labels = { [familyLabel]: familyOf(ip), [managedByLabel]: managedBy };
  return { metadata: { name: ip, labels }, spec: { parentRef: { group: '', resource: 'services', namespace, name } } };
}
