import type { IPAddress, Service } from '#api';
import type { Logger } from '#base';
import { joinKey, keyOf, parseTime } from '#machinery';
import { familyLabel, managedBy, managedByLabel, type AddressBook } from './address-book.ts';
import { familyOf } from './address-range.ts';
import type { ClusterIps } from './cluster-ips.ts';
import { clusterIpsOf, isHeadless, needsClusterIp } from './traits.ts';

/** A Service that is still to be written has its address already; as long as a request may take, and longer. */
const graceMs = 60_000;

export interface RepairOptions {
  readonly services: readonly Service[];
  readonly book: AddressBook;
  readonly ips: ClusterIps;
  readonly nowMs: number;
  readonly log: Logger;
}

/**
 * Makes Services and the objects of their addresses agree: each address of a Service has its object, and no object that
 * was made for a Service outlives it (`ipallocator/controller/repairip.go`).
 */
export async function repairAddresses(options: RepairOptions): Promise<void> {
  const { services, book } = options;
  const byKey = new Map(services.map((one) => [keyOf(one), one]));
  const addresses = new Map(book.addresses().map((one) => [one.metadata.name ?? '', one]));
  for (const service of services) await repairService(options, service, { services: byKey, addresses });
  for (const address of addresses.values()) await repairAddress(options, address, byKey);
}

type Services = ReadonlyMap<string, Service>;

async function repairService(
  options: RepairOptions,
  service: Service,
  { services, addresses }: { services: Services; addresses: ReadonlyMap<string, IPAddress> },
): Promise<void> {
  if (!needsClusterIp(service) || isHeadless(service)) return;
  const { book, ips, log } = options;
  for (const ip of clusterIpsOf(service)) {
    const place = { service: keyOf(service), ip };
    const address = addresses.get(ip);
    if (!ips.isInRange(ip)) log.warn(place, 'the address of a service is not within any range; recreate the service');
    else if (!address) {
      log.warn(place, 'the address of a service is not allocated; repairing');
      await book.take(ip, service);
    } else await repairOwner(options, service, address, services);
  }
}

async function repairOwner(
  { book, log }: RepairOptions,
  service: Service,
  address: IPAddress,
  services: Services,
): Promise<void> {
  const ip = address.metadata.name ?? '';
  const owner = ownerOf(address);
  const isOwn = owner === keyOf(service);
  const other = owner === undefined || isOwn ? undefined : services.get(owner);
  const isLost = owner === undefined || (!isOwn && !other);
  if (other && clusterIpsOf(other).includes(ip)) {
    log.warn({ service: keyOf(service), ip, other: owner }, 'two services have the same address; recreate one');
  }
  if (!isLost && hasLabels(address)) return;
  log.warn({ service: keyOf(service), ip }, 'the address of a service has a wrong reference; repairing');
  await book.release(ip);
  await book.take(ip, service);
}

async function repairAddress(options: RepairOptions, address: IPAddress, services: Services): Promise<void> {
  if (address.metadata.labels?.[managedByLabel] !== managedBy) return;
  const { book, log, nowMs } = options;
  const ip = address.metadata.name ?? '';
  const owner = ownerOf(address);
  const service = owner === undefined ? undefined : services.get(owner);
  if (service && clusterIpsOf(service).includes(ip)) return;
  const { creationTimestamp } = address.metadata;
  const ageMs = creationTimestamp === undefined ? Infinity : nowMs - parseTime(creationTimestamp);
  if (owner !== undefined && ageMs <= graceMs) return;
  log.warn({ ip, service: owner }, 'an address is of no service; cleaning up');
  await book.release(ip);
}

/** The Service that an address says it belongs to; undefined when it is of something else. */
function ownerOf({ spec: { parentRef } }: IPAddress): string | undefined {
  // Nothing but the type says that it may be missing in what is stored.
  if (!parentRef || (parentRef.group ?? '') !== '' || parentRef.resource !== 'services') return undefined;
  return joinKey(parentRef.namespace ?? '', parentRef.name ?? '');
}

function hasLabels({ metadata }: IPAddress): boolean {
  const { name = '', labels = {} } = metadata;
  return labels[familyLabel] === familyOf(name) && labels[managedByLabel] === managedBy;
}
