import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseYaml } from '#machinery';

/** How to reach a cluster, whoever made it. */
export interface Access {
  server: string;
  ca?: string;
  cert?: string;
  key?: string;
  token?: string;
  /** `insecure-skip-tls-verify`. */
  insecure: boolean;
}

/** What is read of a kubeconfig; a user that is known by a program or a provider is not supported. */
interface Kubeconfig {
  'current-context'?: string;
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  clusters?: { name: string; cluster: Record<string, string | boolean | undefined> }[];
  users?: { name: string; user: Record<string, string | undefined> }[];
}

/** The cluster and the user of a kubeconfig's current context. Throws when they are not there. */
export async function readAccess(path: string): Promise<Access> {
  const [config] = parseYaml(await readFile(path, 'utf8')) as [Kubeconfig?]; // as kubectl writes it
  const named = <T extends { name: string }>(list: T[] | undefined, name: string | undefined): T => {
    const found = list?.find((one) => one.name === name);
    if (!found) throw new Error(`${path} has no "${name ?? 'current-context'}"`);
    return found;
  };
  const { context } = named(config?.contexts, config?.['current-context']);
  const { cluster } = named(config?.clusters, context.cluster);
  const { user } = named(config?.users, context.user);
  const pem = async (from: Record<string, string | boolean | undefined>, key: string): Promise<string | undefined> => {
    const data = from[`${key}-data`];
    if (typeof data === 'string') return Buffer.from(data, 'base64').toString();
    const file = from[key];
    return typeof file === 'string' ? readFile(resolve(dirname(path), file), 'utf8') : undefined;
  };
  return {
    server: String(cluster['server']),
    ca: await pem(cluster, 'certificate-authority'),
    cert: await pem(user, 'client-certificate'),
    key: await pem(user, 'client-key'),
    token: user['token'],
    insecure: cluster['insecure-skip-tls-verify'] === true,
  };
}
