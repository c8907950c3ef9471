import { resolve } from 'node:path';
import type { SnapshotConfig } from './config.ts';
import { durationMs } from './duration.ts';

/** What flags say of snapshots that are saved by themselves. */
export interface SnapshotRequest {
  /** `6h`; '' for never. Absent: as before. */
  snapshotInterval?: string;
  snapshotRetention?: number;
  snapshotDir?: string;
}

const defaultRetention = 5;

/** What is asked for; undefined when nothing is. Throws, with the flag's name, on what cannot be. */
export function snapshotsOf(request: SnapshotRequest, defaultDirectory: string): SnapshotConfig | undefined {
  const { snapshotInterval, snapshotRetention: retention = defaultRetention, snapshotDir } = request;
  if (!snapshotInterval) return undefined;
  const intervalMs = durationMs('snapshot-interval', snapshotInterval);
  if (intervalMs === 0) throw new Error('--snapshot-interval: it takes some time to save one; use 1m or more');
  if (retention === 0) throw new Error('--snapshot-retention: keep one at least');
  return { directory: resolve(snapshotDir ?? defaultDirectory), intervalMs, retention };
}

/** Throws on what cannot be asked of a cluster. */
export function checkSnapshots(request: SnapshotRequest, servers: number): void {
  const { snapshotInterval, snapshotRetention, snapshotDir } = request;
  if (!snapshotInterval && snapshotRetention !== undefined)
    throw new Error('--snapshot-retention must be set with --snapshot-interval');
  if (!snapshotInterval && snapshotDir !== undefined)
    throw new Error('--snapshot-dir must be set with --snapshot-interval');
  if (snapshotsOf(request, '') && servers > 1)
    throw new Error(
      '--snapshot-interval is for a cluster of one server: of several, save the etcd with "kedge etcd snapshot save"',
    );
}
