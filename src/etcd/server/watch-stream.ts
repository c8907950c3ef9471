import { messageOf } from '#base';
import type { CallContext, Infer } from '#wire';
import { EtcdError } from '../errors.ts';
import type * as rpc from '../rpc/index.ts';
import type { Watch, WatchResponse } from '../store.ts';
import { Outbox } from './outbox.ts';
import { callerOf, grpcOverheadBytes, headerNow, type Parts } from './parts.ts';
import { encodeEvent, fragmentsOf, watchMessage, type WatchMessage } from './watch-message.ts';

type CreateRequest = Infer<typeof rpc.WatchCreateRequest>;

/** The number of a message that is of no watch, or of all of a stream (`clientv3.InvalidWatchID`). */
const noWatch = -1;
/** Messages that may wait for a client before its watches do. */
const maxWaiting = 32;

interface Running {
  id: number;
  source: Watch;
  fragment: boolean;
  progressNotify: boolean;
  /** Nothing was told since the last tick. */
  quiet: boolean;
  /** It was asked for its progress on its own account, and not for that of the whole stream. */
  notifying: boolean;
}

/**
 * One stream of watches. What the client asks is taken in order; each watch is told by a loop of its own. Progress of the
 * whole stream is told when every watch has told its own, so that nothing before it is still to come.
 */
export class WatchStream {
  readonly #parts: Parts;
  readonly #call: CallContext;
  readonly #outbox = new Outbox<WatchMessage>(maxWaiting);
  readonly #watches = new Map<number, Running>();
  #nextId = 0;
  /** Whose progress is missing to tell that of all, and the lowest told so far. */
  #progress: { missing: Set<number>; revision: number } | undefined;

  constructor(parts: Parts, call: CallContext) {
    this.#parts = parts;
    this.#call = call;
  }

  /** Takes the requests of the client; gives what it is told. */
  async *run(requests: AsyncIterable<Infer<typeof rpc.WatchRequest>>): AsyncGenerator<WatchMessage> {
    const { clock, limits, random } = this.#parts;
    this.#call.signal.addEventListener('abort', () => this.#outbox.close(), { once: true });
    // A little apart, so that clients that came at once are not all told at once.
    const interval = limits.progressNotifyMs * (1 + random.next() / 10);
    const tick = (): void => {
      this.#notifyProgress();
      timer = clock.timer(interval, tick);
    };
    let timer = clock.timer(interval, tick);
    this.#takeAll(requests).catch((error: unknown) => this.#fail(error));
    try {
      yield* this.#outbox;
    } finally {
      timer.cancel();
      for (const { source } of this.#watches.values()) source.cancel();
    }
  }

  async #takeAll(requests: AsyncIterable<Infer<typeof rpc.WatchRequest>>): Promise<void> {
    for await (const { createRequest, cancelRequest, progressRequest } of requests) {
      if (createRequest) await this.#create(createRequest);
      else if (cancelRequest) await this.#cancel(cancelRequest.watchId);
      else if (progressRequest) this.#tellProgress();
    }
  }

  async #create(request: CreateRequest): Promise<void> {
    const header = await headerNow(this.#parts);
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      const cancelReason = refusal;
      this.#outbox.push(watchMessage(header, { watchId: noWatch, created: true, canceled: true, cancelReason }));
      return;
    }
    const watch = this.#start(request, header.revision);
    this.#outbox.push(watchMessage(header, { watchId: watch.id, created: true }));
    this.#watches.set(watch.id, watch);
    if (this.#progress) this.#awaitProgress(this.#progress, watch);
    this.#pump(watch).catch((error: unknown) => this.#fail(error));
  }

  /** Why a watch cannot be; undefined when it can. */
  #refusalOf(request: CreateRequest): string | undefined {
    if (request.startRevision < 0) return new EtcdError('ErrCompacted').message;
    const { key, rangeEnd } = withKey(request);
    try {
      this.#parts.auth.checkRange(callerOf(this.#parts, this.#call), key, rangeEnd);
    } catch (error) {
      // Clients compare these with the whole text of the error as Go prints it.
      if (error instanceof EtcdError) return `rpc error: code = ${error.rpcCode} desc = ${error.message}`;
      throw error;
    }
    const isOpenEnded = rangeEnd.length === 1 && rangeEnd[0] === 0;
    if (rangeEnd.length > 0 && !isOpenEnded && Buffer.compare(key, rangeEnd) >= 0)
      return 'mvcc: watcher range is empty';
    const taken = request.watchId !== 0 && this.#watches.has(request.watchId);
    return taken ? 'mvcc: duplicate watch ID provided on the WatchStream' : undefined;
  }

  #start(request: CreateRequest, revision: number): Running {
    const { key, rangeEnd } = withKey(request);
    const { prevKv, fragment, progressNotify } = request;
    const filters = request.filters.map((filter) => (filter === 'NOPUT' ? 'noPut' : 'noDelete'));
    // From just behind the revision that the client is told, where it will go on after a broken connection.
    const startRevision = request.startRevision || revision + 1;
    const source = this.#parts.member.watch({ key, rangeEnd, startRevision, prevKv, filters });
    const id = request.watchId || this.#freeId();
    return { id, source, fragment, progressNotify, quiet: false, notifying: false };
  }

  #freeId(): number {
    while (this.#watches.has(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }

  /** Cancelling what is not there is not answered. */
  async #cancel(watchId: number): Promise<void> {
    const watch = this.#watches.get(watchId);
    if (!watch) return;
    this.#end(watch);
    this.#outbox.push(watchMessage(await headerNow(this.#parts), { watchId, canceled: true }));
  }

  async #pump(watch: Running): Promise<void> {
    for await (const response of watch.source) {
      const room = this.#outbox.room();
      if (room) await room;
      if (this.#watches.get(watch.id) !== watch) return;
      this.#tell(watch, response);
    }
  }

  #tell(watch: Running, response: WatchResponse): void {
    const { id: watchId } = watch;
    if (response.canceled) {
      this.#end(watch);
      const { compactRevision = 0 } = response;
      const header = this.#parts.identity.header(0); // as etcd's: there is nothing to go on from
      this.#outbox.push(watchMessage(header, { watchId, canceled: true, compactRevision }));
      return;
    }
    const header = this.#parts.identity.header(response.header.revision);
    if (response.events.length === 0) this.#tellProgressOf(watch, header.revision);
    else {
      watch.quiet = false;
      const maxBytes = watch.fragment ? this.#parts.limits.maxRequestBytes + grpcOverheadBytes : Infinity;
      const fragments = fragmentsOf(response.events, maxBytes);
      for (const [at, events] of fragments.entries()) {
        const fragment = at < fragments.length - 1;
        this.#outbox.push(watchMessage(header, { watchId, fragment, events: events.map(encodeEvent) }));
      }
    }
  }

  #end(watch: Running): void {
    watch.source.cancel();
    this.#watches.delete(watch.id);
    this.#progressOf(watch.id, Infinity);
  }

  /** Tells those that want to know, and have heard nothing for a while, how far they are. */
  #notifyProgress(): void {
    for (const watch of this.#watches.values()) {
      if (!watch.progressNotify) continue;
      watch.notifying ||= watch.quiet;
      if (watch.quiet) watch.source.requestProgress();
      watch.quiet = true;
    }
  }

  /** Asks every watch how far it is. One that is asked already answers for this request, too. */
  #tellProgress(): void {
    if (this.#progress || this.#watches.size === 0) return;
    this.#progress = { missing: new Set(), revision: Infinity };
    for (const watch of this.#watches.values()) this.#awaitProgress(this.#progress, watch);
  }

  #awaitProgress({ missing }: { missing: Set<number> }, watch: Running): void {
    missing.add(watch.id);
    watch.source.requestProgress();
  }

  #tellProgressOf(watch: Running, revision: number): void {
    if (watch.notifying) {
      watch.notifying = false;
      this.#outbox.push(watchMessage(this.#parts.identity.header(revision), { watchId: watch.id }));
    }
    this.#progressOf(watch.id, revision);
  }

  #progressOf(id: number, revision: number): void {
    const progress = this.#progress;
    if (!progress?.missing.delete(id)) return;
    progress.revision = Math.min(progress.revision, revision);
    if (progress.missing.size > 0) return;
    this.#progress = undefined;
    if (progress.revision === Infinity) return; // all have ended
    this.#outbox.push(watchMessage(this.#parts.identity.header(progress.revision), { watchId: noWatch }));
  }

  /** What breaks one watch breaks the stream: its client asks again. */
  #fail(error: unknown): void {
    if (!this.#call.signal.aborted) this.#parts.log.warn({ error: messageOf(error) }, 'a watch stream broke');
    this.#outbox.close(error);
  }
}

/** No key means the first one that may be (`v3rpc/watch.go`). */
function withKey({ key, rangeEnd }: CreateRequest): { key: Uint8Array; rangeEnd: Uint8Array } {
  return { key: key.length === 0 ? Uint8Array.of(0) : key, rangeEnd };
}
