import { writeConfig, type ClusterConfig, type SnapshotConfig } from './config.ts';
import type { Machine, Report } from './machine.ts';
import type { ClusterPaths } from './paths.ts';
import { checkSnapshots, snapshotsOf, type SnapshotRequest } from './snapshot-request.ts';
import { stopServer } from './stop-server.ts';

/** The configuration with the snapshots that a request asks for, or without; a server that runs with others ends. */
export async function settleSnapshots(
  machine: Machine,
  paths: ClusterPaths,
  config: ClusterConfig,
  { request, report }: { request: SnapshotRequest; report: Report },
): Promise<ClusterConfig> {
  if (request.snapshotInterval === undefined) return config;
  checkSnapshots(request, config.servers?.servers.length ?? 1);
  const { snapshots: known, ...rest } = config;
  const asked = snapshotsOf(request, paths.snapshots);
  if (isSame(known, asked)) return config;
  const settled = { ...rest, ...(asked && { snapshots: asked }) };
  await writeConfig(paths, settled);
  await stopServer(machine, paths, report, 'to start with other snapshots');
  return settled;
}

function isSame(known: SnapshotConfig | undefined, asked: SnapshotConfig | undefined): boolean {
  if (!known || !asked) return known === asked;
  return (
    known.directory === asked.directory && known.intervalMs === asked.intervalMs && known.retention === asked.retention
  );
}
