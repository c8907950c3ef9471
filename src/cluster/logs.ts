import { open, stat, watch } from 'node:fs/promises';
import { hasCode } from '#base';
import { requireConfig, type ClusterConfig } from './config.ts';
import type { Machine } from './machine.ts';
import { ClusterPaths } from './paths.ts';

/** The parts that run in the server process; every other component is a node, or runs on each of them. */
const serverParts = ['server', 'etcd', 'apiserver', 'controller-manager', 'scheduler'];
const nodeParts = ['container-runtime', 'kubelet', 'kube-proxy', 'cluster-dns'];

/** Lines of a cluster's logs: of all processes, of one process (`server`, a node), or of one part on all of them. */
export async function* readLogs(
  machine: Machine,
  name: string,
  component: string | undefined,
  follow: AbortSignal | undefined,
): AsyncGenerator<string> {
  const paths = new ClusterPaths(machine.home, name);
  const config = await requireConfig(paths);
  const processes = processesOf(component, config);
  const part =
    component !== undefined && [...serverParts.slice(1), ...nodeParts].includes(component) ? component : undefined;
  const files = processes.map((one) => paths.log(one));
  for (const file of files) {
    for await (const line of linesOf(file, files.length === 1 ? follow : undefined))
      if (!part || isOf(line, part)) yield line;
  }
}

function processesOf(component: string | undefined, { nodes: all, servers: several }: ClusterConfig): string[] {
  const nodes = all.map(({ name }) => name);
  const servers = ['server', ...(several?.servers ?? []).map(({ name }) => name)];
  const members = (several?.etcd ?? []).map(({ name }) => name);
  if (component === undefined) return [...members, ...servers, ...nodes];
  if (serverParts.includes(component)) return servers;
  if (nodeParts.includes(component)) return nodes;
  if ([...members, ...servers, ...nodes].includes(component)) return [component];
  throw new Error(
    `"${component}" is none of the cluster's parts: ${[...serverParts, ...nodeParts, ...nodes].join(', ')}`,
  );
}

/** Whether a log line was written by a part. Lines that are no JSON (a crash) belong to whoever asks. */
function isOf(line: string, part: string): boolean {
  try {
    return (JSON.parse(line) as { component?: string }).component === part;
  } catch {
    return true;
  }
}

async function* linesOf(file: string, follow: AbortSignal | undefined): AsyncGenerator<string> {
  let offset = 0;
  let rest = '';
  const read = async function* (): AsyncGenerator<string> {
    const chunk = await readFrom(file, offset);
    offset += chunk.length;
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  };
  yield* read();
  if (!follow) return;
  try {
    for await (const _ of watch(file, { signal: follow })) yield* read();
  } catch (error) {
    if (!follow.aborted) throw error;
  }
}

async function readFrom(file: string, offset: number): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    const handle = await open(file);
    try {
      const buffer = Buffer.alloc(Math.max(0, size - offset));
      await handle.read(buffer, 0, buffer.length, offset);
      return buffer;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
}
