import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '#base';
import { openEmbeddedStore } from '#etcd';
import { createCa, issueCertificate, type KeyPair } from '#wire';
import { ApiServer, type ApiServerOptions } from '../index.ts';

/** A whole API server on a free loopback port, over a store in a directory of its own. */
export interface TestServer extends AsyncDisposable {
  server: ApiServer;
  url: string;
  port: number;
  directory: string;
  caPem: string;
  /** A client certificate for this user. */
  certificate(name: string, groups?: string[]): Promise<KeyPair>;
  /** Writes a kubeconfig for this user and returns its path. */
  kubeconfig(name: string, groups?: string[]): Promise<string>;
}

const pem = (certificate: KeyPair): { certPem: string; keyPem: string } => certificate;

export async function startTestServer(overrides: Partial<ApiServerOptions> = {}): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-apiserver-'));
  const [clock, random, log] = [systemClock, systemRandom, silentLogger];
  const store =
    overrides.store ?? (await openEmbeddedStore({ directory: join(directory, 'store'), clock, random, log }));
  const ca = await createCa({ commonName: 'test-ca' });
  const issue = (commonName: string, organizations: string[], usages: ('server' | 'client')[]): Promise<KeyPair> =>
    issueCertificate(ca, {
      commonName,
      organizations,
      usages,
      dnsNames: ['localhost'],
      ipAddresses: ['127.0.0.1'],
      days: 1,
    });
  const serving = await issue('kube-apiserver', [], ['server']);
  const kubeletClient = await issue('kube-apiserver-kubelet-client', ['system:masters'], ['client']);
  const stop = new AbortController();
  const server = new ApiServer({
    store,
    clock,
    random,
    log,
    listen: [{ host: '127.0.0.1', port: 0 }],
    tls: { ...pem(serving), clientCaPem: ca.certPem },
    kubeletClient: pem(kubeletClient),
    serviceAccountKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }),
    serviceCidr: '10.96.0.0/16',
    advertise: { addresses: ['192.0.2.1'], port: 6443 },
    ...overrides,
  });
  const running = server.run(stop.signal);
  const dispose = async (): Promise<void> => {
    stop.abort();
    await running.catch(() => {});
    if (!overrides.store) await store.close();
    await rm(directory, { recursive: true, force: true });
  };
  await server.ready.catch(async (error: unknown) => {
    await dispose();
    throw error;
  });
  const port = server.ports[0] ?? 0;
  const url = `https://127.0.0.1:${port}`;
  const certificate = (name: string, groups: string[] = []): Promise<KeyPair> => issue(name, groups, ['client']);
  return {
    server,
    url,
    port,
    directory,
    caPem: ca.certPem,
    certificate,
    kubeconfig: async (name, groups) => {
      const path = join(directory, `${encodeURIComponent(name)}.kubeconfig`);
      await writeFile(path, kubeconfig(url, ca.certPem, await certificate(name, groups)));
      return path;
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function kubeconfig(server: string, caPem: string, { certPem, keyPem }: KeyPair): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64(caPem) } }],
    users: [{ name: 'test', user: { 'client-certificate-data': base64(certPem), 'client-key-data': base64(keyPem) } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}
