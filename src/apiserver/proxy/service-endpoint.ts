import { randomInt, type Random } from '#base';
import { serviceUnavailable, type KubeObject } from '#machinery';

/** What is read of a Service. */
export interface ServiceLike extends KubeObject {
  spec: { ports?: { name?: string; port: number }[] };
}

/** An address of an Endpoints, and whose it is. */
export interface EndpointAddress {
  ip: string;
  targetRef?: { namespace?: string; name?: string };
}

/** What is read of an Endpoints. */
export interface EndpointsLike extends KubeObject {
  subsets?: { addresses?: EndpointAddress[]; ports?: { name?: string; port: number }[] }[];
}

export interface Endpoint extends EndpointAddress {
  port: number;
}

/** The name of the service's port that has this number. Throws ServiceUnavailable when none has. */
export function portNameOf({ metadata, spec }: ServiceLike, port: number): string {
  const found = spec.ports?.find((one) => one.port === port);
  if (!found) throw serviceUnavailable(`no service port ${port} found for service "${metadata.name}"`);
  return found.name ?? '';
}

/** What is behind a port, in an order that begins anywhere (`core/service/storage/storage.go`, `ResourceLocation`). */
export function endpointsBehind({ subsets = [] }: EndpointsLike, portName: string, random: Random): Endpoint[] {
  return turned(subsets, random).flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find(({ name = '' }) => name === portName)?.port;
    return port === undefined ? [] : turned(addresses, random).map((address) => ({ ...address, port }));
  });
}

/** Throws ServiceUnavailable, in upstream's words: for a service without any address by its name, else as it was asked for. */
export function noEndpoints({ subsets = [], metadata }: EndpointsLike, asked: string): Error {
  const name = subsets.length === 0 ? metadata.name : asked;
  return serviceUnavailable(`no endpoints available for service "${name}"`);
}

function turned<T>(list: readonly T[], random: Random): T[] {
  if (list.length === 0) return [];
  const first = randomInt(random, list.length);
  return [...list.slice(first), ...list.slice(0, first)];
}
