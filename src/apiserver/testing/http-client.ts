import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import type { KeyPair } from '#wire';
import type { TestServer } from './test-server.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
  /** The body as JSON; tests look into it as they like. */
  json: Json;
}

// oxlint-disable-next-line typescript/no-explicit-any -- what a server answers is for each test to judge
export type Json = any;

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A client that speaks HTTP/2 as one user, over one connection. */
export class HttpClient implements Disposable {
  readonly #session: ClientHttp2Session;

  constructor({ url, caPem }: Pick<TestServer, 'url' | 'caPem'>, certificate?: KeyPair) {
    this.#session = connect(url, {
      ca: caPem,
      ...(certificate && { cert: certificate.certPem, key: certificate.keyPem }),
    });
    this.#session.on('error', () => {});
  }

  async ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    const head = { ':path': path, ':method': method, 'content-type': 'application/json', ...headers };
    const stream = this.#session.request(head, { endStream: body === undefined }); // else a DELETE has no body
    if (body !== undefined) stream.end(Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body));
    const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders & { ':status'?: number }>();
    stream.on('response', resolve);
    stream.on('error', reject);
    const answered = await promise;
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString();
    return { status: answered[':status'] ?? 0, headers: answered, body: bytes, text, json: parse(text) };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.ask(path, headers ? { headers } : {});
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.ask(path, { method: 'POST', body });
  }

  /** The lines of a stream, as they come, until the loop is left. */
  async *lines(path: string, headers: Record<string, string> = {}): AsyncGenerator<string> {
    const stream = this.#session.request({ ':path': path, ...headers });
    let rest = '';
    try {
      for await (const chunk of stream) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } finally {
      stream.close();
    }
  }

  [Symbol.dispose](): void {
    this.#session.destroy();
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
