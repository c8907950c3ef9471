import { isIP } from 'node:net';
import type { Access } from './kubeconfig.ts';
import { Http2Connection } from './http2/connection.ts';
import { headerField } from './http2/header-block.ts';

const json = 'application/json';

/** What a call may say beside its path. */
export interface CallOptions {
  accept?: string;
  /** With `gzip`, a large answer comes compressed, as it does to client-go. */
  acceptEncoding?: string;
  contentType?: string;
}

/** One HTTP/2 connection to an API server, as client-go has it, with as little work around a call as can be. */
export class ApiConnection implements AsyncDisposable {
  readonly #connection: Http2Connection;
  readonly #authority: string;
  readonly #token: string | undefined;
  /** What calls of one kind have in common is encoded once. */
  readonly #heads = new Map<string, { before: Buffer; after: Buffer }>();

  private constructor(connection: Http2Connection, authority: string, token: string | undefined) {
    this.#connection = connection;
    this.#authority = authority;
    this.#token = token;
  }

  /** Connects to a cluster. */
  static async open({ server, ca, cert, key, token, insecure }: Access): Promise<ApiConnection> {
    const { hostname, port, host } = new URL(server);
    const address = hostname.replace(/^\[(.*)\]$/, '$1');
    const connection = await Http2Connection.open({
      host: address,
      port: Number(port || 443),
      ...(isIP(address) === 0 && { servername: address }),
      ca,
      cert,
      key,
      rejectUnauthorized: !insecure,
    });
    return new ApiConnection(connection, host, token);
  }

  /** Resolves with the answer's bytes; rejects unless the server answered with success. */
  async get(path: string, options: CallOptions = {}): Promise<Buffer> {
    return this.#collected('GET', path, options);
  }

  /** Resolves with the number of the answer's bytes, of which none is kept. */
  async size(path: string, options: CallOptions = {}): Promise<number> {
    let bytes = 0;
    const headers = this.#headers('GET', path, options);
    const status = await this.#connection.call({ headers, onData: (chunk) => void (bytes += chunk.length) });
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    return bytes;
  }

  post(path: string, body: string, options: CallOptions = {}): Promise<Buffer> {
    return this.#collected('POST', path, options, body);
  }

  put(path: string, body: string, options: CallOptions = {}): Promise<Buffer> {
    return this.#collected('PUT', path, options, body);
  }

  patch(path: string, body: string, contentType: string): Promise<Buffer> {
    return this.#collected('PATCH', path, { contentType }, body);
  }

  delete(path: string): Promise<Buffer> {
    return this.#collected('DELETE', path, {});
  }

  /** Starts a watch; `ended` rejects when it breaks off, or is called off. */
  watch(path: string, onData: (chunk: Buffer) => void): { ended: Promise<number>; cancel: () => void } {
    return this.#connection.start({ headers: this.#headers('GET', path, {}), onData });
  }

  /** Milliseconds until the server has answered a PING: how long its event loop let an arrival wait. */
  ping(): Promise<number> {
    return this.#connection.ping();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]();
  }

  async #collected(method: string, path: string, options: CallOptions, body?: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const headers = this.#headers(method, path, body === undefined ? options : { contentType: json, ...options });
    const sent = body === undefined ? {} : { body: Buffer.from(body) };
    const status = await this.#connection.call({
      headers,
      onData: (chunk) => void chunks.push(Buffer.from(chunk)),
      ...sent,
    });
    const answer = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    if (status >= 200 && status < 300) return answer;
    throw new ApiCallError(`${method} ${path}: ${status} ${answer.toString('utf8', 0, 500)}`, status);
  }

  #headers(
    method: string,
    path: string,
    { accept = json, acceptEncoding = '', contentType = '' }: CallOptions,
  ): Buffer {
    const id = `${method} ${accept} ${acceptEncoding} ${contentType}`;
    let head = this.#heads.get(id);
    if (!head) {
      const before = [
        [':method', method],
        [':scheme', 'https'],
        [':authority', this.#authority],
      ] as const;
      const after = [
        ['accept', accept],
        ['user-agent', 'kedge-bench'],
        ...(acceptEncoding === '' ? [] : ([['accept-encoding', acceptEncoding]] as const)),
        ...(contentType === '' ? [] : ([['content-type', contentType]] as const)),
        ...(this.#token === undefined ? [] : ([['authorization', `Bearer ${this.#token}`]] as const)),
      ] as const;
      head = { before: blockOf(before), after: blockOf(after) };
      this.#heads.set(id, head);
    }
    return Buffer.concat([head.before, headerField(':path', path), head.after]);
  }
}

/** An answer that is no success. */
export class ApiCallError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

function blockOf(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.map(([name, value]) => headerField(name, value)));
}
