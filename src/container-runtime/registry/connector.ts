import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect as connectTcp, isIP, Socket } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { callbackify } from 'node:util';
import { messageOf } from '#base';
import type { RegistryOptions } from './options.ts';

export interface RegistryRequest {
  url: URL;
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal | undefined;
}

/** A registry that says nothing for this long is taken for dead. */
const silenceMs = 60_000;

/** Speaks HTTP and HTTPS over whatever opens a connection, and keeps connections for the next request. */
export class Connector {
  readonly #dial: NonNullable<RegistryOptions['dial']>;
  readonly #agents = new Map<string, Agent>();

  constructor(options: RegistryOptions = {}) {
    this.#dial = options.dial ?? dialDirectly;
  }

  /** The answer, its body still to be read. Throws in containerd's words when the server cannot be reached. */
  async request(wanted: RegistryRequest): Promise<IncomingMessage> {
    const { url, method = 'GET', headers, body, signal } = wanted;
    const outgoing = request({
      agent: this.#agent(url),
      method,
      host: hostOf(url),
      port: portOf(url),
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, 'user-agent': 'kedge', ...headers },
      ...(signal && { signal }),
    });
    try {
      return await answerOf(outgoing, body);
    } catch (error) {
      signal?.throwIfAborted();
      const verb = method.slice(0, 1) + method.slice(1).toLowerCase();
      throw new Error(`failed to do request: ${verb} "${url.href}": ${reasonOf(error, url)}`, { cause: error });
    }
  }

  /** Ends connections that are kept. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #agent(url: URL): Agent {
    let agent = this.#agents.get(url.protocol);
    if (!agent) {
      agent = new DialingAgent((host, port) => this.#connect(host, port, url.protocol === 'https:'));
      this.#agents.set(url.protocol, agent);
    }
    return agent;
  }

  async #connect(host: string, port: number, secure: boolean): Promise<Duplex> {
    const raw = await this.#dial(host, port);
    if (raw instanceof Socket) raw.setTimeout(silenceMs, () => raw.destroy(new Error('i/o timeout')));
    if (!secure) return raw;
    const secured = connectTls({
      socket: raw,
      ...(isIP(host) === 0 && { servername: host }),
      ALPNProtocols: ['http/1.1'],
    });
    await once(secured, 'secureConnect');
    return secured;
  }
}

class DialingAgent extends Agent {
  readonly #open: (host: string, port: number) => Promise<Duplex>;

  constructor(open: (host: string, port: number) => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: 8 });
    this.#open = open;
  }

  override createConnection(
    options: { host?: string | null; port?: string | number | null },
    done: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const opening = this.#open(options.host ?? '', Number(options.port));
    callbackify(() => opening)((error, socket) => done(error, socket));
    return undefined;
  }
}

async function dialDirectly(host: string, port: number): Promise<Duplex> {
  const socket = connectTcp({ host, port });
  await once(socket, 'connect');
  return socket;
}

async function answerOf(outgoing: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

/** In the words of Go's network library, which people search for. */
function reasonOf(error: unknown, url: URL): string {
  const text = messageOf(error);
  const target = `${hostOf(url)}:${portOf(url)}`;
  if (/ECONNREFUSED/.test(text)) return `dial tcp ${target}: connect: connection refused`;
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return `dial tcp: lookup ${hostOf(url)}: no such host`;
  if (/ETIMEDOUT/.test(text)) return `dial tcp ${target}: i/o timeout`;
  if (/EHOSTUNREACH/.test(text)) return `dial tcp ${target}: connect: no route to host`;
  if (/ENETUNREACH/.test(text)) return `dial tcp ${target}: connect: network is unreachable`;
  return text;
}
