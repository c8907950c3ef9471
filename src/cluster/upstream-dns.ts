import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { hasCode } from '#base';
import { frame, type Upstream } from '#cluster-dns';

/** The addresses of a resolv.conf. */
export function nameserversOf(resolvConf: string): string[] {
  return [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap((match) => match[1] ?? []);
}

export interface UpstreamOptions {
  /** Opens a TCP connection in the network of the machine. */
  dial: (host: string, port: number) => Promise<Duplex>;
  /** Default: /etc/resolv.conf. It is read at each question, since it changes with the network. */
  resolvConf?: string;
  timeoutMs?: number;
}

/** Asks the name servers of the machine, one after the other, over TCP. Throws when none answers. */
export function machineResolver({
  dial,
  resolvConf = '/etc/resolv.conf',
  timeoutMs = 2000,
}: UpstreamOptions): Upstream {
  return async (query) => {
    const servers = nameserversOf(await readOrEmpty(resolvConf));
    let last: unknown = new Error(`${resolvConf} names no server`);
    for (const server of servers) {
      try {
        return await ask(await dial(server, 53), query, timeoutMs);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  };
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function ask(connection: Duplex, query: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  let gathered = Buffer.alloc(0);
  connection.on('data', (chunk: Buffer) => {
    gathered = Buffer.concat([gathered, chunk]);
    if (gathered.length < 2 || gathered.length < 2 + gathered.readUInt16BE()) return;
    resolve(gathered.subarray(2, 2 + gathered.readUInt16BE()));
  });
  connection.on('error', reject);
  connection.on('close', () => reject(new Error('the server closed without an answer')));
  connection.write(frame(query));
  return promise.finally(() => {
    clearTimeout(timer);
    connection.destroy();
  });
}
