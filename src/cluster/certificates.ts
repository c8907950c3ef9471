import type { KeyPair } from '#wire';
import { addressAt, parseCidr } from './cidr.ts';
import type { ClusterConfig, ServersConfig } from './config.ts';
import { dnsUser } from './dns-service.ts';
import type { Pki } from './pki.ts';

const apiServerNames = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** What the API server shows: it holds for every name and address under which clients reach it. */
export function apiServerCertificate(pki: Pki, { bridgeIp, serviceCidr, servers }: ClusterConfig): Promise<KeyPair> {
  const ips = [bridgeIp, ...(servers?.servers ?? []).map(({ ip }) => ip)];
  return apiServerCertificateFor(pki, serviceCidr, { ips, names: [] });
}

/** The same for a server that is reached under these addresses and names, besides those that every one has. */
export function apiServerCertificateFor(
  pki: Pki,
  serviceCidr: string,
  { ips, names }: { ips: readonly string[]; names: readonly string[] },
): Promise<KeyPair> {
  const serviceIp = addressAt(parseCidr('--service-cidr', serviceCidr), 1);
  return pki.apiServer([...apiServerNames, ...names], ['127.0.0.1', ...ips, serviceIp]);
}

/** Makes what members of etcd read when they start, and show one another. */
export async function prepareEtcdCertificates(pki: Pki, { etcd }: ServersConfig): Promise<void> {
  for (const { name, ip } of etcd) await pki.etcdMember(name, ip);
  await pki.etcdClient();
}

/**
 * Makes what a cluster's processes are going to ask for and is not there yet. They would make it themselves, but loading
 * what makes certificates takes each of them a tenth of a second, while one process that makes all has to do it once.
 */
export async function prepareCertificates(pki: Pki, config: ClusterConfig): Promise<void> {
  await pki.serviceAccountKey();
  await apiServerCertificate(pki, config); // the server asks first
  await pki.kubeletClient();
  await pki.component('system:kube-proxy');
  await pki.component(dnsUser);
  for (const { name, ip } of config.nodes) {
    await pki.kubelet(name, ip);
    await pki.node(name);
  }
}
