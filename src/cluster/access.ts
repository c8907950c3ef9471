import { Client, httpTransport, type Transport } from '#client';
import type { Logger } from '#base';
import type { ClusterConfig } from './config.ts';
import { contextName, type ClusterAccess } from './kubeconfig.ts';
import type { Pki } from './pki.ts';

/** How this machine's user reaches the cluster, as administrator. */
export async function adminAccess(config: ClusterConfig, pki: Pki): Promise<ClusterAccess> {
  const [ca, admin] = [await pki.ca(), await pki.admin()];
  return {
    context: contextName(config.name),
    server: `https://127.0.0.1:${config.apiPort}`,
    caPem: ca.certPem,
    certPem: admin.certPem,
    keyPem: admin.keyPem,
  };
}

/** A client with these credentials; `close` ends its connection. */
export function connect(
  access: ClusterAccess,
  component: string,
  log: Logger,
): { client: Client; close: () => Promise<void> } {
  const { server, caPem, certPem, keyPem } = access;
  const transport: Transport = httpTransport({ server, ca: caPem, cert: certPem, key: keyPem, log });
  return { client: new Client({ transport, component }), close: async () => transport.close?.() };
}
