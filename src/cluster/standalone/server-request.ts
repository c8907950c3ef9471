import { isIP } from 'node:net';
import { overlap, parseCidr } from '../cidr.ts';
import { defaults } from '../request.ts';
import { checkSnapshots, type SnapshotRequest } from '../snapshot-request.ts';

/** What the flags of `kedge server` say; they are named as those of kube-apiserver and kube-controller-manager. */
export interface ServerRequest extends SnapshotRequest {
  /** URLs of etcd's members, with commas between. */
  etcdServers: string;
  etcdCafile?: string;
  etcdCertfile?: string;
  etcdKeyfile?: string;
  dataDir: string;
  bindAddress: string;
  securePort: number;
  advertiseAddress?: string;
  /** More names and addresses under which clients reach the server, with commas between. */
  tlsSan?: string;
  serviceClusterIpRange: string;
  clusterCidr: string;
  /** Where to write the administrator's kubeconfig. */
  kubeconfig?: string;
  leaderElect: boolean;
}

/** Throws, with the flag's name, on what cannot be. Returns the members' URLs. */
export function checkServerRequest(request: ServerRequest): string[] {
  const { etcdCafile, etcdCertfile, etcdKeyfile, bindAddress, securePort, advertiseAddress } = request;
  const urls = request.etcdServers.split(',').map((url) => url.trim());
  for (const url of urls) if (!isMemberUrl(url)) throw new Error(`--etcd-servers: "${url}" is no https://HOST:PORT`);
  if ((etcdCertfile === undefined) !== (etcdKeyfile === undefined))
    throw new Error('--etcd-certfile and --etcd-keyfile go together');
  const insecure = urls.find((url) => !url.startsWith('https:'));
  if (insecure && (etcdCafile ?? etcdCertfile) !== undefined)
    throw new Error(`--etcd-servers: ${insecure} would be asked in plain text: use https with certificates`);
  if (isIP(bindAddress) === 0) throw new Error(`--bind-address takes an IP address, not ${bindAddress}`);
  if (securePort > 65_535) throw new Error(`--secure-port takes a port up to 65535, not ${securePort}`);
  if (advertiseAddress !== undefined && isIP(advertiseAddress) === 0)
    throw new Error(`--advertise-address takes an IP address, not ${advertiseAddress}`);
  const services = parseCidr('--service-cluster-ip-range', request.serviceClusterIpRange);
  if (overlap(services, parseCidr('--cluster-cidr', request.clusterCidr)))
    throw new Error('--service-cluster-ip-range and --cluster-cidr overlap: give two networks that do not');
  checkSnapshots(request, 1);
  return urls;
}

function isMemberUrl(url: string): boolean {
  return /^https?:\/\/[^/:]+:\d+$/.test(url) || /^https?:\/\/\[[0-9a-f:.]+\]:\d+$/i.test(url);
}

export const serverDefaults = {
  bindAddress: '0.0.0.0',
  securePort: defaults.apiPort,
  serviceClusterIpRange: defaults.serviceCidr,
  clusterCidr: defaults.podCidr,
} as const;
