import { compareText } from '#base';
import type { Service } from '#api';

/** The variables that tell a container of the services of its namespace, as Docker links once did. */
export function serviceVariables(services: readonly Service[]): Map<string, string> {
  const variables = new Map<string, string>();
  const ordered = services.toSorted((a, b) =>
    compareText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''),
  );
  for (const service of ordered) if (hasClusterIp(service)) addService(service, variables);
  return variables;
}

/**
 * The services that a pod hears of: those of its namespace when `enableServiceLinks` is on, and always the API server's own
 * (`kubernetes` in `default`); a service of the pod's namespace wins over the latter.
 */
export function visibleServices(services: readonly Service[], namespace: string, links: boolean): Service[] {
  const seen = new Map<string, Service>();
  for (const service of services) {
    const name = service.metadata.name ?? '';
    const isMaster = service.metadata.namespace === 'default' && name === 'kubernetes';
    if (service.metadata.namespace === namespace && links) seen.set(name, service);
    else if (isMaster && !seen.has(name)) seen.set(name, service);
  }
  return [...seen.values()];
}

function hasClusterIp(service: Service): boolean {
  const ip = service.spec.clusterIP ?? '';
  return ip !== '' && ip !== 'None' && (service.spec.ports ?? []).length > 0;
}

function addService(service: Service, variables: Map<string, string>): void {
  const ports = service.spec.ports ?? [];
  const first = ports[0];
  const ip = service.spec.clusterIP ?? '';
  if (!first) return;
  const prefix = variableName(service.metadata.name ?? '');
  const host = ip.includes(':') ? `[${ip}]` : ip;
  variables.set(`${prefix}_SERVICE_HOST`, ip);
  variables.set(`${prefix}_SERVICE_PORT`, String(first.port));
  for (const port of ports) {
    if (port.name) variables.set(`${prefix}_SERVICE_PORT_${variableName(port.name)}`, String(port.port));
  }
  const protocolOf = (protocol: string | undefined): string => (protocol ?? 'TCP').toLowerCase();
  variables.set(`${prefix}_PORT`, `${protocolOf(first.protocol)}://${host}:${first.port}`);
  for (const port of ports) {
    const protocol = protocolOf(port.protocol);
    const portPrefix = `${prefix}_PORT_${port.port}_${protocol.toUpperCase()}`;
    variables.set(portPrefix, `${protocol}://${host}:${port.port}`);
    variables.set(`${portPrefix}_PROTO`, protocol);
    variables.set(`${portPrefix}_PORT`, String(port.port));
    variables.set(`${portPrefix}_ADDR`, ip);
  }
}

function variableName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
