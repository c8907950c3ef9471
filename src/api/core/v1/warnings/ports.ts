import type { FieldPath, Warnings } from '#machinery';
import type { ContainerPort } from '../container.ts';
import type { PlacedContainer } from '../placed-containers.ts';

interface PlacedPort {
  readonly port: ContainerPort;
  readonly path: FieldPath;
}

/** Ports of a pod's containers that are in each other's way. */
export function warnOfPorts(
  containers: readonly PlacedContainer<{ ports?: ContainerPort[] }>[],
  warnings: Warnings,
): void {
  const ports: PlacedPort[] = [];
  for (const { container, path } of containers) {
    container.ports?.forEach((port, at) => ports.push({ port, path: path.child('ports').index(at) }));
  }
  for (const [at, { port, path }] of ports.entries()) {
    if (port.hostIP && !port.hostPort) warnings.at(path, `hostIP set without hostPort: ${inWordsOfGo(port)}`);
    for (const other of ports.slice(0, at)) {
      const how = conflictOf(port, other.port);
      if (how !== undefined) warnings.at(path, `${how} port definition with ${other.path.toString()}`);
    }
  }
  if (ports.length > 1) warnOfPortNames(ports, warnings);
}

function conflictOf(one: ContainerPort, other: ContainerPort): string | undefined {
  if (one.containerPort !== other.containerPort || one.protocol !== other.protocol) return undefined;
  const { hostPort = 0, hostIP = '' } = one;
  const { hostPort: otherPort = 0, hostIP: otherIP = '' } = other;
  if (hostIP === otherIP && hostPort === otherPort) return 'duplicate';
  if (hostPort === 0 || otherPort === 0) return 'overlapping';
  // On every address or on one: nobody can say which of the two is meant.
  return hostPort === otherPort && (hostIP === '') !== (otherIP === '') ? 'dangerously ambiguous' : undefined;
}

function warnOfPortNames(ports: readonly PlacedPort[], warnings: Warnings): void {
  const taken = new Map<string, FieldPath>();
  for (const { port, path } of ports) {
    if (!port.name) continue;
    const other = taken.get(port.name);
    if (other === undefined) taken.set(port.name, path);
    else {
      const use = `services and probes that select ports by name will use ${other.toString()}`;
      warnings.at(path, `duplicate port name ${JSON.stringify(port.name)} with ${other.toString()}, ${use}`);
    }
  }
}

function inWordsOfGo({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}
