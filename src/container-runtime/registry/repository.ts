import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '#base';
import type { AuthConfig } from '#cri';
import type { Ingest } from '../images/content-store.ts';
import { digestOf, Verifier } from '../images/digest.ts';
import { indexTypes, manifestTypes, type Descriptor } from '../images/manifest.ts';
import type { Reference } from '../images/reference.ts';
import { Authorizer, credentialsOf } from './authorizer.ts';
import type { Connector } from './connector.ts';

/** A document of a registry with the digest of its bytes. */
export interface Fetched {
  digest: string;
  bytes: Buffer;
}

/** What a registry answered instead of what was asked for. */
export class RegistryError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RegistryError';
    this.status = status;
  }
}

const maxDocumentBytes = 8 << 20;
const maxRedirects = 10;
const downloadAttempts = 5;
const firstPauseMs = 200;

/** One repository of a registry (OCI distribution specification), as far as pulling goes. */
export class Repository {
  readonly #base: URL;
  readonly #connector: Connector;
  readonly #authorizer: Authorizer;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;

  constructor(options: {
    base: URL;
    reference: Reference;
    connector: Connector;
    auth: AuthConfig | undefined;
    clock: Clock;
    signal: AbortSignal | undefined;
  }) {
    const { base, reference, connector } = options;
    this.#base = new URL(`/v2/${reference.path}/`, base);
    this.#connector = connector;
    const credentials = credentialsOf(options.auth, base.host);
    this.#authorizer = new Authorizer({ connector, credentials, repository: reference.path });
    this.#clock = options.clock;
    this.#signal = options.signal;
  }

  /** A manifest or index by tag or digest; bytes that are not what a digest says are refused. */
  async manifest(tagOrDigest: string): Promise<Fetched> {
    const accept = [...manifestTypes, ...indexTypes].join(', ');
    const response = await this.#get(new URL(`manifests/${tagOrDigest}`, this.#base), { accept });
    const bytes = await readBounded(response);
    if (!tagOrDigest.includes(':')) return { digest: digestOf(bytes), bytes };
    const verifier = new Verifier(tagOrDigest);
    verifier.update(bytes);
    verifier.verify();
    return { digest: tagOrDigest, bytes };
  }

  /** Downloads a blob; what breaks is taken up where it broke, a few times. */
  async download(blob: Descriptor, ingest: Ingest, onBytes: (bytes: number) => void): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const before = ingest.bytes;
      try {
        await this.#downloadRest(blob, ingest, onBytes);
        return;
      } catch (error) {
        this.#signal?.throwIfAborted();
        const cameFurther = ingest.bytes > before;
        if (!isTransient(error) || (attempt >= downloadAttempts && !cameFurther)) throw error;
        await this.#clock.sleep(firstPauseMs * 2 ** Math.min(attempt, 6), this.#signal);
      }
    }
  }

  async #downloadRest(blob: Descriptor, ingest: Ingest, onBytes: (bytes: number) => void): Promise<void> {
    const headers: Record<string, string> = ingest.bytes > 0 ? { range: `bytes=${ingest.bytes}-` } : {};
    const response = await this.#get(new URL(`blobs/${blob.digest}`, this.#base), headers);
    if (ingest.bytes > 0 && response.statusCode !== 206) await ingest.restart(); // the server begins anew
    for await (const chunk of response as AsyncIterable<Buffer>) {
      await ingest.write(chunk);
      onBytes(chunk.length);
      if (blob.size > 0 && ingest.bytes > blob.size)
        throw new Error(`blob ${blob.digest} is larger than its ${blob.size} bytes`);
    }
    if (blob.size > 0 && ingest.bytes < blob.size)
      throw new BrokenDownload(`blob ${blob.digest} broke off at ${ingest.bytes} of ${blob.size} bytes`);
  }

  /** GET with authorization and redirects; throws `RegistryError` for anything but success. */
  async #get(url: URL, headers: Record<string, string>): Promise<IncomingMessage> {
    let target = url;
    for (let redirects = 0; redirects < maxRedirects;) {
      const own = target.host === url.host;
      const authorization = own ? this.#authorizer.header : undefined; // credentials are for the registry alone
      const response = await this.#connector.request({
        url: target,
        headers: { ...headers, ...(authorization && { authorization }) },
        signal: this.#signal,
      });
      const status = response.statusCode ?? 0;
      if (status === 200 || status === 206) return response;
      response.resume();
      if (status >= 301 && status <= 308 && response.headers.location) {
        target = new URL(response.headers.location, target);
        redirects++;
      } else if (status !== 401 || !own || !(await this.#authorizer.answer(response, this.#signal))) {
        throw this.#refusal(status, response, target);
      }
    }
    throw new Error(`stopped after ${maxRedirects} redirects`);
  }

  #refusal(status: number, response: IncomingMessage, url: URL): RegistryError {
    if (status === 401 || status === 403)
      return new RegistryError(
        status,
        'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
      );
    return new RegistryError(
      status,
      `unexpected status from GET request to ${url.href}: ${status} ${response.statusMessage}`,
    );
  }
}

class BrokenDownload extends Error {}

/** What may go well another time: broken connections, servers in trouble. */
function isTransient(error: unknown): boolean {
  if (error instanceof RegistryError) return error.status >= 500 || error.status === 429;
  if (error instanceof BrokenDownload) return true;
  if (!(error instanceof Error)) return false;
  const text = `${error.message} ${'code' in error ? String(error.code) : ''}`;
  return /ECONNRESET|EPIPE|aborted|socket hang up|i\/o timeout|ETIMEDOUT/.test(text);
}

async function readBounded(response: IncomingMessage): Promise<Buffer> {
  let bytes = 0;
  const bounded = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxDocumentBytes) throw new Error('the manifest is too large');
      yield chunk;
    }
  };
  return buffer(bounded());
}
