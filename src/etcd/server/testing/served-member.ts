import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsyncQueue, seededRandom, silentLogger, VirtualClock } from '#base';
import { GrpcChannel, RpcError, type Infer, type ServiceData, type ServiceOf } from '#wire';
import { openEmbeddedStore } from '../../embedded/embedded-store.ts';
import type { Member } from '../../member.ts';
import * as rpc from '../../rpc/index.ts';
import * as services from '../../rpc/services.ts';
import { EtcdServer, type EtcdServerOptions } from '../serve-etcd.ts';

export const b = (text: string): Buffer => Buffer.from(text);

/** A member of a test and its server on a unix socket, under a clock that the test moves. */
export class ServedMember implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly member: Member;
  readonly #directory: string;
  readonly #server: EtcdServer;
  readonly #channels: GrpcChannel[] = [];

  private constructor(directory: string, clock: VirtualClock, member: Member, server: EtcdServer) {
    this.#directory = directory;
    this.clock = clock;
    this.member = member;
    this.#server = server;
  }

  static async start(options: Partial<EtcdServerOptions> = {}): Promise<ServedMember> {
    const directory = await mkdtemp(join(tmpdir(), 'kedge-served-'));
    const common = { clock: new VirtualClock(), random: seededRandom(1), log: silentLogger };
    const member = await openEmbeddedStore({ directory, ...common });
    const server = await EtcdServer.open({ member, ...common, bcryptCost: 4, ...options });
    await server.listen({ socketPath: join(directory, 'etcd.sock') });
    return new ServedMember(directory, common.clock, member, server);
  }

  get socketPath(): string {
    return join(this.#directory, 'etcd.sock');
  }

  /** A client of a service, over a connection that all of a token share. */
  client<S extends ServiceData>(service: S, token?: string): ServiceOf<S> {
    const channel = new GrpcChannel({ address: `unix:${this.socketPath}` });
    this.#channels.push(channel);
    return channel.of(service, token === undefined ? {} : { metadata: { token } });
  }

  /** Opens a stream of watches. */
  watch(token?: string): WatchClient {
    return new WatchClient(this.client(services.watchService, token));
  }

  async put(key: string, value = 'x'): Promise<number> {
    const { header } = await this.member.put({ key: b(key), value: b(value) });
    return header.revision;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const channel of this.#channels) await channel.close();
    await this.#server.close();
    await this.member.close();
    await rm(this.#directory, { recursive: true });
  }
}

type WatchRequest = Infer<typeof rpc.WatchRequest>;
export type WatchMessage = Infer<typeof rpc.WatchResponse>;

/** The client's end of a stream of watches. */
export class WatchClient {
  readonly #requests = new AsyncQueue<WatchRequest>();
  readonly #answers: AsyncIterator<WatchMessage>;

  constructor(service: services.WatchService) {
    this.#answers = service.watch(this.#requests)[Symbol.asyncIterator]();
  }

  create(request: Parameters<typeof rpc.WatchCreateRequest.of>[0]): void {
    this.#requests.push({ createRequest: rpc.WatchCreateRequest.of(request) });
  }

  cancel(watchId: number): void {
    this.#requests.push({ cancelRequest: { watchId } });
  }

  requestProgress(): void {
    this.#requests.push({ progressRequest: {} });
  }

  async next(): Promise<WatchMessage> {
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the stream of watches ended');
    return value;
  }

  async close(): Promise<void> {
    this.#requests.close();
    await this.#answers.return?.();
  }
}

/** Whether an error is what etcd sends by that code and those words. */
export function failsWith(code: string, words: string | RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof RpcError &&
    error.code === code &&
    (typeof words === 'string' ? error.message === words : words.test(error.message));
}
