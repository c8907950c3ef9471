import { Resolver } from 'node:dns/promises';
import { nodes, type Node } from '#api';
import type { Client } from '#client';
import { nameOf } from '#machinery';
import type { ClusterConfig } from './config.ts';
import { logFrom, runningProcess } from './host/processes.ts';
import { isListening } from './listening.ts';
import type { Machine } from './machine.ts';
import type { ClusterPaths } from './paths.ts';
import { Fatal, waitUntil } from './wait.ts';

/** How long a part may take to come up before something is wrong. */
const patienceMs = 60_000;

/** Waits for the API: for its port first, as a client that was refused waits longer than the server needs. */
export async function waitForApi(
  machine: Machine,
  paths: ClusterPaths,
  { apiPort, servers }: ClusterConfig,
  client: Client,
): Promise<void> {
  const parts = ['server', ...(servers ? [...servers.etcd, ...servers.servers].map(({ name }) => name) : [])];
  const answers = async (ready: () => Promise<boolean>): Promise<void> => {
    await waitUntil(machine.clock, 'the API server should answer', patienceMs, async () => {
      for (const name of parts) await checkAlive(paths, name);
      return (await ready()) || undefined;
    });
  };
  await answers(() => isListening('127.0.0.1', apiPort));
  await answers(async () => Boolean(await client.of(nodes).list({ limit: 1 })));
}

/** Waits until all nodes say that they are Ready, those whose agents were started just now since then. */
export async function waitForNodes(
  machine: Machine,
  paths: ClusterPaths,
  config: ClusterConfig,
  client: Client,
  startedAtMs: ReadonlyMap<string, number>,
): Promise<void> {
  await waitUntil(machine.clock, 'every node should be Ready', patienceMs, async () => {
    for (const { name } of config.nodes) await checkAlive(paths, name);
    const { items } = await client.of(nodes).list();
    const ready = new Set(items.filter((node) => isReadySince(node, startedAtMs.get(nameOf(node)) ?? 0)).map(nameOf));
    const waiting = config.nodes.filter(({ name }) => !ready.has(name)).map(({ name }) => name);
    if (waiting.length > 0) throw new Error(`not Ready: ${waiting.join(', ')}`);
    return true;
  });
}

/** Asks the DNS server of each node for the name that every cluster has. */
export async function waitForDns({ clock }: Machine, config: ClusterConfig): Promise<void> {
  for (const { name, ip } of config.nodes) {
    const resolver = new Resolver({ timeout: 500, tries: 1 });
    resolver.setServers([ip]);
    await waitUntil(clock, `DNS on ${name} should answer`, patienceMs, () =>
      resolver.resolve4('kubernetes.default.svc.cluster.local'),
    );
  }
}

/** What keeps pods away from a node while it comes up; other taints are the user's own. */
const comingUp = ['not-ready', 'unreachable', 'network-unavailable'].map((name) => `node.kubernetes.io/${name}`);

/** Whether a node says of itself that it is Ready, and said so after its agent was started: not before a crash. */
function isReadySince({ spec, status }: Node, startedAtMs: number): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const saidAtMs = Date.parse(ready?.lastHeartbeatTime ?? '') + 999; // the API has whole seconds
  const isHeld = (spec.taints ?? []).some(({ key }) => comingUp.includes(key));
  return ready?.status === 'True' && saidAtMs >= startedAtMs && !isHeld;
}

/** A process that has ended will not come up: give its own reason, or what it said last. */
async function checkAlive(paths: ClusterPaths, component: string): Promise<void> {
  if (await runningProcess(paths.processRecord(component))) return;
  const log = paths.log(component);
  const said = (await logFrom(paths.processRecord(component), log)).trimEnd().split('\n');
  const reason = said.findLast((line) => line.startsWith('error: '))?.slice('error: '.length);
  throw new Fatal(
    new Error(
      reason === undefined
        ? `${component} ended while it was starting. Its log ${log} ends with:\n${said.slice(-5).join('\n')}`
        : `${component} ended while it was starting: ${reason} (its log: ${log})`,
    ),
  );
}
