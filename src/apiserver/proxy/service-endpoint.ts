import { serviceUnavailable, type KubeObject } from '#machinery';
import type { Address } from './node-address.ts';

/** What is read of a Service. */
export interface ServiceLike extends KubeObject {
  spec: { ports?: { name?: string; port: number }[] };
}

/** What is read of an EndpointSlice. */
export interface EndpointSliceLike extends KubeObject {
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[];
  ports?: { name?: string; port?: number }[];
}

/** The addresses behind a service's port (by name, number, or the only one). Throws ServiceUnavailable without any. */
export function endpointsOf(service: ServiceLike, slices: readonly EndpointSliceLike[], port: string): Address[] {
  const portName = portNameOf(service, port);
  const found: Address[] = [];
  for (const { endpoints = [], ports = [] } of slices) {
    const target = ports.find(({ name = '' }) => name === portName)?.port;
    if (target === undefined) continue;
    for (const { addresses, conditions } of endpoints) {
      if (conditions?.ready === false) continue;
      for (const host of addresses) found.push({ host, port: target });
    }
  }
  if (found.length === 0) throw serviceUnavailable(`no endpoints available for service "${service.metadata.name}"`);
  return found;
}

function portNameOf(service: ServiceLike, port: string): string {
  const ports = service.spec.ports ?? [];
  const found =
    port === ''
      ? ports.length === 1
        ? ports[0]
        : undefined
      : ports.find((one) => one.name === port || String(one.port) === port);
  if (!found) throw serviceUnavailable(`no service port "${port}" found for service "${service.metadata.name}"`);
  return found.name ?? '';
}
