import { rm } from 'node:fs/promises';
import { readTextIfExists, writeFileAtomic } from '#base';
import { formatYaml, parseYaml } from '#machinery';

/** How a user reaches a cluster. */
export interface ClusterAccess {
  /** The name of context, cluster and user: `kedge`, or `kedge-NAME`. */
  context: string;
  server: string;
  caPem: string;
  certPem: string;
  keyPem: string;
}

/** A kubeconfig file as kubectl writes it; fields that we do not know are kept. */
interface Kubeconfig {
  apiVersion: string;
  kind: string;
  clusters: Named<'cluster'>[];
  contexts: Named<'context'>[];
  users: Named<'user'>[];
  'current-context'?: string;
  [other: string]: unknown;
}

type Named<K extends string> = { name: string } & Record<K, Record<string, unknown>>;

/** The context of a cluster, named as kind and k3d name theirs. */
export function contextName(cluster: string): string {
  return cluster === 'kedge' ? 'kedge' : `kedge-${cluster}`;
}

/** A kubeconfig with nothing but one cluster. */
export function kubeconfigFor(access: ClusterAccess): string {
  return formatYaml(withAccess(emptyKubeconfig(), access));
}

/** Throws when the user's kubeconfig is there and cannot be read as one. */
export async function checkKubeconfig(path: string): Promise<void> {
  await readKubeconfig(path);
}

/** Writes a cluster into the user's kubeconfig and makes it current; everything else in the file stays. */
export async function mergeKubeconfig(path: string, access: ClusterAccess): Promise<void> {
  const config = withAccess(await readKubeconfig(path), access);
  await writeFileAtomic(path, formatYaml(config), 0o600);
}

/** Takes a cluster out of the user's kubeconfig. A current context that is gone leaves none current, and a file with nothing left in it goes. */
export async function removeFromKubeconfig(path: string, context: string): Promise<void> {
  if ((await readTextIfExists(path)) === undefined) return;
  const config = await readKubeconfig(path);
  if (!config.contexts.some((one) => one.name === context)) return;
  const without = drop(config, context);
  if (without['current-context'] === context) without['current-context'] = '';
  if (isEmpty(without)) await rm(path);
  else await writeFileAtomic(path, formatYaml(without), 0o600);
}

function isEmpty({ apiVersion: _version, kind: _kind, ...rest }: Kubeconfig): boolean {
  return Object.values(rest).every((value) => !value || (typeof value === 'object' && Object.keys(value).length === 0));
}

function withAccess(config: Kubeconfig, access: ClusterAccess): Kubeconfig {
  const { context: name, server, caPem, certPem, keyPem } = access;
  const rest = drop(config, name);
  return {
    ...rest,
    clusters: [...rest.clusters, { name, cluster: { 'certificate-authority-data': base64(caPem), server } }],
    contexts: [...rest.contexts, { name, context: { cluster: name, user: name } }],
    users: [
      ...rest.users,
      { name, user: { 'client-certificate-data': base64(certPem), 'client-key-data': base64(keyPem) } },
    ],
    'current-context': name,
  };
}

function drop(config: Kubeconfig, name: string): Kubeconfig {
  const others = <T extends { name: string }>(list: T[]): T[] => list.filter((one) => one.name !== name);
  return {
    ...config,
    clusters: others(config.clusters),
    contexts: others(config.contexts),
    users: others(config.users),
  };
}

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  const text = await readTextIfExists(path);
  if (!text?.trim()) return emptyKubeconfig();
  const config = parseKubeconfig(path, text);
  // kubectl writes null for an empty list.
  return {
    ...emptyKubeconfig(),
    ...config,
    clusters: config.clusters ?? [],
    contexts: config.contexts ?? [],
    users: config.users ?? [],
  };
}

function parseKubeconfig(path: string, text: string): Partial<Kubeconfig> {
  try {
    const [parsed] = parseYaml(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch (error) {
    throw new Error(`${path} is no kubeconfig: repair it or move it away`, { cause: error });
  }
  throw new Error(`${path} is no kubeconfig: repair it or move it away`);
}

function emptyKubeconfig(): Kubeconfig {
  return { apiVersion: 'v1', kind: 'Config', clusters: [], contexts: [], users: [], preferences: {} };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
