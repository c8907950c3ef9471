import type { Service } from '#api';
import { FieldErrors, FieldPath, internalError } from '#machinery';
import type { PortAllocator } from './port-allocator.ts';
import { invalidService, needsHealthCheckPort, needsNodePort } from './traits.ts';

/** The ports that one write of a Service is about. */
export interface PortsInHand {
  readonly ports: PortAllocator;
  /** What the Service has already. */
  readonly had: ReadonlySet<number>;
  /** What this write took so far. */
  readonly taken: number[];
  readonly dryRun: boolean;
}

/** Gives a Service the node ports that it names, or that it needs and names none for. Throws StatusError. */
export async function reserveNodePorts(service: Service, inHand: PortsInHand): Promise<void> {
  const ports = service.spec.ports ?? [];
  for (const [index, port] of ports.entries()) {
    if (!port.nodePort && !needsNodePort(service)) continue;
    // The same port number over another protocol shares the node port.
    const wanted = port.nodePort || ports.find((one) => one.port === port.port && one.nodePort)?.nodePort || 0;
    port.nodePort = await reserve(service, wanted, index, inHand);
  }
  if (needsHealthCheckPort(service)) await reserveHealthCheckPort(service, inHand);
}

async function reserve(service: Service, wanted: number, index: number, inHand: PortsInHand): Promise<number> {
  const { port, problem } = await take(wanted, inHand);
  if (problem === undefined) return port;
  if (wanted === 0) throw internalError(`failed to allocate a nodePort: ${problem}`);
  const errors = new FieldErrors();
  errors.invalid(FieldPath.of('spec', 'ports').index(index).child('nodePort'), wanted, problem);
  throw invalidService(service, errors);
}

async function reserveHealthCheckPort({ spec }: Service, inHand: PortsInHand): Promise<void> {
  const wanted = spec.healthCheckNodePort ?? 0;
  const { port, problem } = await take(wanted, inHand);
  if (problem !== undefined) {
    const what = wanted === 0 ? 'a HealthCheck NodePort' : 'requested HealthCheck NodePort';
    throw internalError(`failed to allocate ${what} ${wanted}: ${problem}`);
  }
  spec.healthCheckNodePort = port;
}

async function take(
  wanted: number,
  { ports, had, taken, dryRun }: PortsInHand,
): Promise<{ port: number; problem?: string }> {
  if (wanted !== 0 && (had.has(wanted) || taken.includes(wanted))) return { port: wanted };
  const port = wanted === 0 ? await ports.takeAny(dryRun) : wanted;
  if (port === undefined) return { port: 0, problem: 'range is full' };
  const problem = wanted === 0 ? undefined : await ports.take(wanted, dryRun);
  if (problem !== undefined) return { port, problem };
  taken.push(port);
  return { port };
}
