import type { Container } from '#api';

/**
 * The number of a port that a probe or hook names.
 * @throws Error when the container has no port of this name, or the number is none
 */
export function resolvePort(port: number | string, container: Container): number {
  const numeric = typeof port === 'number' ? port : /^\d+$/.test(port) ? Number(port) : undefined;
  const found = numeric ?? (container.ports ?? []).find(({ name }) => name === port)?.containerPort;
  if (found === undefined)
    throw new Error(`couldn't find port: ${JSON.stringify(port)} in container ${container.name}`);
  if (found <= 0 || found >= 65536) throw new Error(`invalid port number: ${found}`);
  return found;
}
