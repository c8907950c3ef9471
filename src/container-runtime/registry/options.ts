import type { Duplex } from 'node:stream';

/** How registries are reached. */
export interface RegistryOptions {
  /** Opens a TCP connection; by default from where this process is. */
  dial?: (host: string, port: number) => Promise<Duplex>;
  /** Base addresses to ask before the registry itself: `{ 'docker.io': ['http://localhost:5000'] }`. */
  mirrors?: Record<string, string[]>;
  /** Registries that speak plain HTTP. Those on the loopback always do. */
  insecure?: string[];
}
