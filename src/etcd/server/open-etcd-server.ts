import type { EtcdServer, EtcdServerOptions } from './serve-etcd.ts';

/**
 * A server for a member, with its users and roles read. What speaks the protocol is loaded when this is called: the store
 * of most clusters has no client but the API server.
 */
export async function openEtcdServer(options: EtcdServerOptions): Promise<EtcdServer> {
  const { EtcdServer } = await import('./serve-etcd.ts');
  return EtcdServer.open(options);
}
