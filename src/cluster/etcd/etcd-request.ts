import type { CompactionPolicy } from '#etcd';
import { durationMs } from '../duration.ts';
import type { SnapshotRequest } from '../snapshot-request.ts';

/** What the flags of `kedge etcd` say; they are named, and read, as etcd's own are. */
export interface EtcdRequest extends SnapshotRequest {
  name: string;
  dataDir?: string;
  listenClientUrls: string;
  advertiseClientUrls?: string;
  listenMetricsUrls?: string;
  initialAdvertisePeerUrls: string;
  initialClusterToken: string;
  certFile?: string;
  keyFile?: string;
  trustedCaFile?: string;
  clientCertAuth?: boolean;
  quotaBackendBytes: number;
  autoCompactionMode: string;
  autoCompactionRetention: string;
  maxTxnOps: number;
  maxRequestBytes: number;
  authTokenTtl: number;
  bcryptCost: number;
  watchProgressNotifyInterval: string;
}

/** Where to listen. */
export interface EtcdAddress {
  /** As it was given; with the port that was got, where any would do. */
  url: string;
  secure: boolean;
  listen: { socketPath: string } | { host: string; port: number };
}

/** The addresses of a comma-separated list of URLs. Throws on one that none can listen on. */
export function addressesOf(flag: string, urls: string): EtcdAddress[] {
  return urls.split(',').map((url) => addressOf(flag, url.trim()));
}

function addressOf(flag: string, url: string): EtcdAddress {
  const unix = /^unix(s?):\/\/(.+)$/.exec(url);
  if (unix) return { url, secure: unix[1] === 's', listen: { socketPath: unix[2] ?? '' } };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const { protocol = '', hostname = '', pathname = '' } = parsed ?? {};
  const port = /:(\d+)\/?$/.exec(url)?.[1]; // of a URL the standard port is not told
  if ((protocol !== 'http:' && protocol !== 'https:') || port === undefined || pathname.length > 1)
    throw new Error(
      `--${flag}: "${url}" is no address to listen on: use http://IP:PORT, https://IP:PORT or unix:///PATH`,
    );
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const ip = host === 'localhost' ? '127.0.0.1' : host;
  if (!/^[\d.]+$|:/.test(ip)) throw new Error(`--${flag}: "${url}": one listens on an IP address, and not on a name`);
  return { url, secure: protocol === 'https:', listen: { host: ip, port: Number(port) } };
}

/** What of the past is kept; undefined when all is. Throws on what cannot be understood. */
export function compactionPolicy(mode: string, retention: string): CompactionPolicy | undefined {
  if (mode !== 'periodic' && mode !== 'revision')
    throw new Error(`--auto-compaction-mode: "${mode}" is none: use periodic or revision`);
  const whole = /^\d+$/.test(retention) ? Number(retention) : undefined;
  if (mode === 'revision') {
    if (whole === undefined) throw new Error(`--auto-compaction-retention: "${retention}" is no number of revisions`);
    return whole === 0 ? undefined : { mode, retention: whole };
  }
  const retentionMs = whole === undefined ? durationMs('auto-compaction-retention', retention) : whole * 3_600_000;
  return retentionMs === 0 ? undefined : { mode, retentionMs };
}
