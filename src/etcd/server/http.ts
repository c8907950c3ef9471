import type { HttpAnswer, HttpHandler } from '#wire';
import { messageOf } from '#base';
import type { Alarm } from '../member.ts';
import { clusterVersion, serverVersion } from './identity.ts';
import type { Parts } from './parts.ts';

const alarmNames: Record<Alarm, string> = { noSpace: 'NOSPACE', corrupt: 'CORRUPT' };

/** What etcd serves over plain HTTP beside gRPC: `/version`, `/health`, `/livez`, `/readyz`, `/metrics`. */
export function etcdHttp(parts: Parts): HttpHandler {
  const routes: Record<string, (query: URLSearchParams) => Promise<HttpAnswer>> = {
    '/version': async () => version(),
    '/health': (query) => health(parts, query),
    '/livez': () => checks({ serializable_read: () => read(parts) }),
    '/readyz': () =>
      checks({
        data_corruption: async () => {
          if (parts.member.alarms().includes('corrupt')) throw new Error('alarm activated: CORRUPT');
        },
        serializable_read: () => read(parts),
        linearizable_read: () => read(parts),
        non_learner: async () => {},
      }),
    '/metrics': async () => ({ status: 200, contentType: 'text/plain; version=0.0.4', body: await metrics(parts) }),
  };
  return async ({ method, path, query }) => {
    const route = routes[path];
    if (!route) return text(404, '404 page not found\n');
    if (method !== 'GET' && method !== 'HEAD') return text(405, 'Method Not Allowed\n');
    return route(query);
  };
}

function text(status: number, body: string): HttpAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

function version(): HttpAnswer {
  const body = JSON.stringify({ etcdserver: serverVersion, etcdcluster: clusterVersion, storage: clusterVersion });
  return { status: 200, contentType: 'application/json', body };
}

async function health(parts: Parts, query: URLSearchParams): Promise<HttpAnswer> {
  const excluded = query.getAll('exclude');
  const alarm = parts.member.alarms().find((raised) => !excluded.includes(alarmNames[raised]));
  const reason = alarm
    ? `ALARM ${alarmNames[alarm]}`
    : await read(parts).then(
        () => '',
        (error: unknown) => `RANGE ERROR:${messageOf(error)}`,
      );
  const body = JSON.stringify({ health: String(reason === ''), reason });
  return reason === '' ? text(200, body) : text(503, `${body}\n`);
}

async function checks(all: Record<string, () => Promise<void>>): Promise<HttpAnswer> {
  let failed = false;
  let body = '';
  for (const [name, check] of Object.entries(all)) {
    const problem = await check().then(
      () => undefined,
      (error: unknown) => messageOf(error),
    );
    failed ||= problem !== undefined;
    body += problem === undefined ? `[+]${name} ok\n` : `[-]${name} failed: ${problem}\n`;
  }
  return failed ? text(503, body) : text(200, `${body}ok\n`);
}

async function read({ member }: Parts): Promise<void> {
  await member.range({ key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0), limit: 1, keysOnly: true });
}

/** The gauges of etcd that alerts and dashboards look at. */
async function metrics({ member, auth }: Parts): Promise<string> {
  const { header, dbSizeBytes, dbSizeInUseBytes, compactRevision } = await member.status();
  const gauges: [name: string, help: string, value: number][] = [
    ['etcd_server_has_leader', 'Whether or not a leader exists. 1 is existence, 0 is not.', 1],
    ['etcd_server_is_leader', 'Whether or not this member is a leader. 1 if is, 0 otherwise.', 1],
    ['etcd_mvcc_db_total_size_in_bytes', 'Bytes of the data file.', dbSizeBytes],
    ['etcd_mvcc_db_total_size_in_use_in_bytes', 'Bytes in use in the data file.', dbSizeInUseBytes],
    ['etcd_server_quota_backend_bytes', 'Bytes the data file may grow to.', member.quotaBytes],
    ['etcd_debugging_mvcc_current_revision', 'The current revision of the store.', header.revision],
    ['etcd_debugging_mvcc_compact_revision', 'The revision of the last compaction.', compactRevision],
    ['etcd_debugging_auth_revision', 'The current revision of users and roles.', auth.revision],
  ];
  const lines = gauges.map(([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`);
  lines.push(`# TYPE etcd_server_version gauge\netcd_server_version{server_version="${serverVersion}"} 1\n`);
  lines.push(`# TYPE etcd_cluster_version gauge\netcd_cluster_version{cluster_version="3.6"} 1\n`);
  return lines.join('');
}
