import { connect, constants, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { readAccess } from './kubeconfig.ts';

/** A LIST of thousands of objects should not wait for window updates; client-go has the same. */
const streamWindow = 4 * 2 ** 20;
const sessionWindow = 64 * 2 ** 20;

/**
 * One HTTP/2 session to an API server, as client-go has it, with as little work around a call as can be: what is
 * measured is the server.
 */
export class ApiConnection implements AsyncDisposable {
  readonly #session: ClientHttp2Session;
  readonly #headers: OutgoingHttpHeaders;

  private constructor(session: ClientHttp2Session, token: string | undefined) {
    this.#session = session;
    this.#headers = { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  }

  /** Connects to the cluster of a kubeconfig's current context. */
  static async open(kubeconfig: string): Promise<ApiConnection> {
    const { server, ca, cert, key, token, insecure } = await readAccess(kubeconfig);
    const settings = { initialWindowSize: streamWindow };
    const session = connect(server, { ca, cert, key, rejectUnauthorized: !insecure, settings });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    session.once('connect', () => resolve());
    session.on('error', reject);
    await promise;
    session.setLocalWindowSize(sessionWindow);
    return new ApiConnection(session, token);
  }

  get(path: string): Promise<Buffer> {
    return this.#call('GET', path);
  }

  post(path: string, body: string): Promise<Buffer> {
    return this.#call('POST', path, body);
  }

  delete(path: string): Promise<Buffer> {
    return this.#call('DELETE', path);
  }

  /** Resolves with the answer's bytes; rejects unless the server answered with success. */
  #call(method: string, path: string, body?: string): Promise<Buffer> {
    const headers = { ...this.#headers, ':method': method, ':path': path };
    const stream = this.#session.request(
      body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    );
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const chunks: Buffer[] = [];
    let code = 0;
    stream.on('response', (answer) => (code = answer[':status'] ?? 0));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => {
      const answer = Buffer.concat(chunks);
      if (code >= 200 && code < 300 && stream.rstCode === constants.NGHTTP2_NO_ERROR) resolve(answer);
      else reject(new Error(`${method} ${path}: ${code} ${answer.toString('utf8', 0, 500)} (reset ${stream.rstCode})`));
    });
    stream.end(body);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#session.closed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#session.close(resolve);
    await promise;
  }
}
