import type { Clock } from '#base';
import { GrpcChannel } from '#wire';
import { targetOf, type EtcdTls } from './remote/endpoint.ts';
import { maintenanceService, type MaintenanceService } from './rpc/services.ts';

/** What a member has up to the compared revision. */
export interface MemberHash {
  url: string;
  hash: number;
  compactRevision: number;
}

/** Whether members have the same data. */
export interface HashComparison {
  /** Up to where was compared: what the slowest of them had. */
  revision: number;
  members: MemberHash[];
  agree: boolean;
}

const tries = 10;
const retryMs = 500;

/**
 * Asks members for the hash of all that they keep up to one revision, and compares (as etcd's corruption check does,
 * `server/etcdserver/corrupt.go`). Members that are at different points of a compaction have different hashes of the same
 * data: they are asked again until they are at the same one.
 */
export async function compareHashes(
  urls: readonly string[],
  { tls, clock }: { tls?: EtcdTls | undefined; clock: Clock },
): Promise<HashComparison> {
  const channels = urls.map((url) => new GrpcChannel({ ...targetOf(url, tls), userAgent: 'kedge' }));
  try {
    const members = channels.map((channel, at) => ({ url: urls[at] ?? '', calls: channel.of(maintenanceService) }));
    for (let left = tries; ; left--) {
      const comparison = await compareOnce(members);
      if (left === 1 || comparison.agree || sameCompaction(comparison.members)) return comparison;
      await clock.sleep(retryMs);
    }
  } finally {
    for (const channel of channels) await channel.close();
  }
}

async function compareOnce(members: readonly { url: string; calls: MaintenanceService }[]): Promise<HashComparison> {
  const revisions = await Promise.all(members.map(async ({ calls }) => (await calls.status({})).header?.revision ?? 0));
  const revision = Math.min(...revisions);
  const hashes = await Promise.all(
    members.map(async ({ url, calls }): Promise<MemberHash> => {
      const { hash, compactRevision } = await calls.hashKv({ revision });
      return { url, hash, compactRevision };
    }),
  );
  return { revision, members: hashes, agree: new Set(hashes.map(({ hash }) => hash)).size <= 1 };
}

function sameCompaction(members: readonly MemberHash[]): boolean {
  return new Set(members.map(({ compactRevision }) => compactRevision)).size === 1;
}
