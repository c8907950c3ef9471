import { formatDuration } from '#machinery';
import type { ApiServerOptions } from '../api-server.ts';

/** What kube-apiserver would have been started with to be this server; nothing of what is secret. */
export function serverFlags(
  options: ApiServerOptions,
  { issuer, maxInFlight, requestTimeoutMs, historyMs }: ServerDefaults,
): Record<string, string> {
  const { advertise, listen, nodePortRange: { first, last } = { first: 30_000, last: 32_767 } } = options;
  const [address] = listen;
  return {
    'advertise-address': advertise.addresses[0] ?? '',
    'allow-privileged': 'true',
    'anonymous-auth': 'true',
    'authorization-mode': '[Node,RBAC]',
    'bind-address': address?.host ?? '',
    'enable-admission-plugins': '[NodeRestriction]',
    'encryption-provider-config-automatic-reload': String(options.encryption !== undefined),
    'etcd-compaction-interval': formatDuration(historyMs),
    'event-ttl': '1h0m0s',
    'max-mutating-requests-inflight': String(maxInFlight.writing),
    'max-requests-inflight': String(maxInFlight.reading),
    'request-timeout': formatDuration(requestTimeoutMs),
    'secure-port': String(address?.port ?? 0),
    'service-account-issuer': `[${issuer}]`,
    'service-cluster-ip-range': options.serviceCidr,
    'service-node-port-range': `${first}-${last}`,
    'storage-media-type': 'application/json',
  };
}

/** What stands in the options only where it is not the default. */
export interface ServerDefaults {
  issuer: string;
  maxInFlight: { reading: number; writing: number };
  requestTimeoutMs: number;
  historyMs: number;
}
