import type { Pod } from '#api';

export interface HostPort {
  ip: string;
  protocol: string;
  port: number;
}

const anyAddress = '0.0.0.0';

/** The host ports that a pod's containers want, init containers included as far as they stay (sidecars). */
export function hostPortsOf(pod: Pod): HostPort[] {
  const { containers, initContainers = [] } = pod.spec;
  const staying = [...initContainers.filter((container) => container.restartPolicy === 'Always'), ...containers];
  return staying.flatMap((container) =>
    (container.ports ?? [])
      .filter((port) => (port.hostPort ?? 0) > 0)
      .map(({ hostIP, protocol, hostPort }) => ({
        ip: hostIP || anyAddress,
        protocol: protocol ?? 'TCP',
        port: hostPort ?? 0,
      })),
  );
}

/** Ports in use on a node. A port on all addresses collides with the same port on any. */
export class HostPorts {
  readonly #used: HostPort[] = [];

  add(ports: readonly HostPort[]): void {
    this.#used.push(...ports);
  }

  remove(ports: readonly HostPort[]): void {
    for (const port of ports) {
      const at = this.#used.findIndex(
        (used) => used.port === port.port && used.ip === port.ip && used.protocol === port.protocol,
      );
      if (at >= 0) this.#used.splice(at, 1);
    }
  }

  conflicts(wanted: readonly HostPort[]): boolean {
    return wanted.some((port) => this.#used.some((used) => collide(port, used)));
  }
}

/** Whether two containers cannot have these ports on one node. */
export function collide(a: HostPort, b: HostPort): boolean {
  return (
    a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === anyAddress || b.ip === anyAddress)
  );
}
