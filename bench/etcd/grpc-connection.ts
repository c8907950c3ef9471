import { isIP } from 'node:net';
import { decode, type Bidi, type Init, type Message, type ServiceData, type Unary } from '#wire';
import { FrameReader, frameOf } from '../../src/wire/grpc/frames.ts';
import type { Method } from '../../src/wire/grpc/service.ts';
import { HpackDecoder } from '../../src/wire/http2/hpack-decoder.ts';
import { Http2Connection, type Started } from '../http2/connection.ts';
import { headerField } from '../http2/header-block.ts';

const prefixBytes = 5;

/** Where a member is, and as whom it is asked (PEM). */
export interface EtcdAccess {
  url: string;
  ca?: string;
  cert?: string;
  key?: string;
}

/** Many requests and many answers over one stream. */
export interface GrpcStream<Q> extends Pick<Started, 'cancel'> {
  /** Resolves when the server ended the stream; rejects when it failed or was called off. */
  ended: Promise<void>;
  send: (request: Init<Q>) => void;
}

/** One connection over which gRPC is spoken, plain or with TLS, with as little work around a call as can be. */
export class GrpcConnection implements AsyncDisposable {
  readonly #connection: Http2Connection;
  readonly #url: URL;
  readonly #trailers = new Trailers();
  /** What calls of one method have in common is encoded once. */
  readonly #heads = new Map<string, Buffer>();

  private constructor(connection: Http2Connection, url: URL) {
    this.#connection = connection;
    this.#url = url;
  }

  /** Connects to a member: `http://host:port`, or `https:` with TLS. */
  static async open({ url, ca, cert, key }: EtcdAccess): Promise<GrpcConnection> {
    const parsed = new URL(url);
    const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
    const address = { host, port: Number(parsed.port || 2379) };
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const connection = await (parsed.protocol === 'https:'
      ? Http2Connection.open({ ...address, ...servername, ca, cert, key })
      : Http2Connection.openPlain(address));
    return new GrpcConnection(connection, parsed);
  }

  /** One request, one answer. Rejects with the server's words when it does not answer with success. */
  async call<Q, A>(service: ServiceData, method: Method<Unary<Q, A>>, request: Init<Q>): Promise<A> {
    return decode(method.response as Message<A>, await this.ask(service, method, request)); // as the method says
  }

  /** The same; resolves with the message's bytes. */
  async ask<Q, A>(service: ServiceData, method: Method<Unary<Q, A>>, request: Init<Q>): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const call = this.#callOf(service, method, (chunk) => void chunks.push(Buffer.from(chunk)));
    const { ended } = this.#connection.start({ ...call, body: frameOf(method.request, request) });
    await call.succeeded(ended);
    return messageIn(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
  }

  /** Opens a stream; `onMessage` is given the bytes of each answer. */
  stream<Q, A>(service: ServiceData, method: Method<Bidi<Q, A>>, onMessage: (message: Buffer) => void): GrpcStream<Q> {
    const frames = new FrameReader(2 ** 31 - 1);
    const call = this.#callOf(service, method, (chunk) => frames.push(Buffer.from(chunk)).forEach(onMessage));
    const { ended, cancel, send } = this.#connection.start({ ...call, keepsOpen: true });
    return { ended: call.succeeded(ended), cancel, send: (request) => send(frameOf(method.request, request)) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]();
  }

  #callOf(service: ServiceData, { name }: Method<unknown>, onData: (chunk: Buffer) => void): CallInFlight {
    return new CallInFlight({ headers: this.#head(`/${service.name}/${name}`), onData, trailers: this.#trailers });
  }

  #head(path: string): Buffer {
    let head = this.#heads.get(path);
    if (!head) {
      const fields = [
        [':method', 'POST'],
        [':scheme', this.#url.protocol.slice(0, -1)],
        [':path', path],
        [':authority', this.#url.host],
        ['content-type', 'application/grpc'],
        ['te', 'trailers'],
        ['user-agent', 'kedge-bench'],
      ] as const;
      head = Buffer.concat(fields.map(([field, value]) => headerField(field, value)));
      this.#heads.set(path, head);
    }
    return head;
  }
}

/** What a call sends and hears beside messages. */
class CallInFlight {
  readonly headers: Buffer;
  readonly onData: (chunk: Buffer) => void;
  readonly onTrailers: (block: Buffer) => void;
  #outcome: Error | undefined = new Error('the server ended a call without a status');

  constructor(options: { headers: Buffer; onData: (chunk: Buffer) => void; trailers: Trailers }) {
    this.headers = options.headers;
    this.onData = options.onData;
    this.onTrailers = (block) => (this.#outcome = options.trailers.failureIn(block));
  }

  /** Resolves when the answer has ended and says that the call went well. */
  async succeeded(ended: Promise<number>): Promise<void> {
    const status = await ended;
    if (status !== 200) throw new Error(`the server answered with HTTP status ${status}`);
    if (this.#outcome) throw this.#outcome;
  }
}

/** Reads how calls of one connection ended. */
class Trailers {
  readonly #decoder = new HpackDecoder();
  /** Of a call that went well; the next such call has the same bytes, since no table is kept. */
  #success: Buffer = Buffer.alloc(0);

  failureIn(block: Buffer): Error | undefined {
    if (block.equals(this.#success)) return undefined;
    const fields = this.#decoder.decode(block);
    const status = fields.get('grpc-status');
    if (status !== '0') return new Error(`${fields.get('grpc-message') ?? 'no message'} (grpc-status ${status})`);
    this.#success = Buffer.from(block);
    return undefined;
  }
}

/** The one message of an answer. Throws when there is another number of them, or it is compressed. */
export function messageIn(answer: Buffer): Buffer {
  const isOne = answer.length >= prefixBytes && answer.readUInt32BE(1) === answer.length - prefixBytes;
  if (!isOne || answer[0] !== 0) throw new Error('an answer is not one plain message');
  return answer.subarray(prefixBytes);
}
