import { messageOf } from '#base';
import { EncodedMessages, type CallContext, type Infer, type Init } from '#wire';
import { EtcdError } from '../errors.ts';
import type { MemberWatch } from '../member.ts';
import type * as rpc from '../rpc/index.ts';
import { callerOf, grpcOverheadBytes, headerNow, type Parts } from './parts.ts';
import { EventPacker, fieldsOf, HeaderFields } from './watch-message.ts';

type CreateRequest = Infer<typeof rpc.WatchCreateRequest>;

/** The number of a message that is of no watch, or of all of a stream (`clientv3.InvalidWatchID`). */
const noWatch = -1;
/** What is handed over before it is asked whether the client takes more. */
const bytesAtOnce = 256 * 1024;
/** What is told of several revisions in one message, when a watch is behind. */
const joinedBytes = 64 * 1024;
/** Answers that may wait for a client before it is heard no further. */
const maxAnswerBytes = 64 * 1024;

interface Running {
  id: number;
  idField: Buffer;
  source: MemberWatch;
  fragment: boolean;
  progressNotify: boolean;
  /** Nothing was told since the last tick. */
  quiet: boolean;
}

/**
 * One stream of watches. What the client asks is taken in order. Watches say when they have something to tell, and are
 * taken from in turn whenever the client takes more: what it does not take waits in the store, for each watch on its own.
 */
export class WatchStream {
  readonly #parts: Parts;
  readonly #call: CallContext;
  readonly #headers: HeaderFields;
  readonly #watches = new Map<number, Running>();
  /** Those that may have something to tell. */
  readonly #ready = new Set<Running>();
  /** Answers to what the client asked. */
  #answers = new EncodedMessages();
  #nextId = 0;
  /** The client wants to know up to where all watches of the stream were told. */
  #progressWanted = false;
  #over: { error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #taken: (() => void) | undefined;

  constructor(parts: Parts, call: CallContext) {
    this.#parts = parts;
    this.#call = call;
    this.#headers = new HeaderFields((revision) => parts.identity.header(revision));
  }

  /** Takes the requests of the client; gives what it is told. */
  async *run(requests: AsyncIterable<Infer<typeof rpc.WatchRequest>>): AsyncGenerator<EncodedMessages> {
    const { clock, limits, random } = this.#parts;
    this.#call.signal.addEventListener('abort', () => this.#end(), { once: true });
    // A little apart, so that clients that came at once are not all told at once.
    const interval = limits.progressNotifyMs * (1 + random.next() / 10);
    const tick = (): void => {
      this.#notifyProgress();
      timer = clock.timer(interval, tick);
    };
    let timer = clock.timer(interval, tick);
    this.#takeAll(requests).catch((error: unknown) => this.#end(error));
    try {
      while (!this.#over) {
        const messages = this.#take();
        if (messages.bytes > 0) yield messages;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      if (this.#over.error !== undefined) throw this.#over.error;
    } catch (error) {
      this.#parts.log.warn({ error: messageOf(error) }, 'a watch stream broke'); // its client asks again
      throw error;
    } finally {
      timer.cancel();
      this.#end();
      for (const { source } of this.#watches.values()) source.cancel();
    }
  }

  async #takeAll(requests: AsyncIterable<Infer<typeof rpc.WatchRequest>>): Promise<void> {
    for await (const { createRequest, cancelRequest, progressRequest } of requests) {
      if (createRequest) this.#create(createRequest);
      else if (cancelRequest) this.#cancel(cancelRequest.watchId);
      else if (progressRequest) this.#progressWanted = this.#watches.size > 0;
      this.#wake?.();
      while (this.#answers.bytes > maxAnswerBytes && !this.#over)
        await new Promise<void>((resolve) => (this.#taken = resolve));
    }
  }

  #answer(response: Init<rpc.WatchResponse>): void {
    this.#answers.add([fieldsOf({ header: headerNow(this.#parts), ...response })]);
  }

  #create(request: CreateRequest): void {
    const cancelReason = this.#refusalOf(request);
    if (cancelReason !== undefined)
      return this.#answer({ watchId: noWatch, created: true, canceled: true, cancelReason });
    const watch = this.#start(request);
    this.#answer({ watchId: watch.id, created: true });
    this.#watches.set(watch.id, watch);
    watch.source.onNews(() => this.#hasNews(watch));
    this.#ready.add(watch);
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

  #start(request: CreateRequest): Running {
    const { key, rangeEnd } = withKey(request);
    const { startRevision, prevKv, fragment, progressNotify } = request;
    const filters = request.filters.map((filter) => (filter === 'NOPUT' ? 'noPut' : 'noDelete'));
    const source = this.#parts.member.watch({ key, rangeEnd, startRevision, prevKv, filters });
    const id = request.watchId || this.#freeId();
    return { id, idField: fieldsOf({ watchId: id }), source, fragment, progressNotify, quiet: false };
  }

  #freeId(): number {
    while (this.#watches.has(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }

  /** Cancelling what is not there is not answered. */
  #cancel(watchId: number): void {
    const watch = this.#watches.get(watchId);
    if (!watch) return;
    this.#forget(watch);
    this.#answer({ watchId, canceled: true });
  }

  #hasNews(watch: Running): void {
    this.#ready.add(watch);
    this.#wake?.();
  }

  /** What can be told now, as far as it is handed over at once. */
  #take(): EncodedMessages {
    const messages = this.#answers;
    this.#answers = new EncodedMessages();
    this.#taken?.();
    for (const watch of this.#ready) {
      if (messages.bytes >= bytesAtOnce) return messages;
      this.#ready.delete(watch);
      if (this.#tell(watch, messages)) this.#ready.add(watch); // behind the others
    }
    if (this.#progressWanted) this.#tellProgress(messages);
    return messages;
  }

  /** Tells some of what a watch has; whether it may have more. */
  #tell(watch: Running, messages: EncodedMessages): boolean {
    const maxBytes = watch.fragment ? this.#parts.limits.maxRequestBytes + grpcOverheadBytes : Infinity;
    const packer = new EventPacker(messages, { headers: this.#headers, idField: watch.idField, maxBytes });
    let response = watch.source.take();
    while (response && response.events.length > 0) {
      watch.quiet = false;
      packer.add(response.header.revision, response.events);
      if (packer.bytes >= joinedBytes) break;
      response = watch.source.take();
    }
    packer.flush();
    if (!response) return false;
    if (response.events.length > 0) return true;
    if (response.canceled) return this.#tellCanceled(watch, messages, response.compactRevision);
    messages.add([this.#headers.at(response.header.revision), watch.idField]);
    return true;
  }

  /** A watch is over whose past is gone. Its revision is 0, as etcd's is: there is nothing to go on from. */
  #tellCanceled(watch: Running, messages: EncodedMessages, compactRevision = 0): false {
    this.#forget(watch);
    messages.add([this.#headers.at(0), watch.idField, fieldsOf({ canceled: true, compactRevision })]);
    return false;
  }

  #forget(watch: Running): void {
    watch.source.cancel();
    this.#watches.delete(watch.id);
    this.#ready.delete(watch);
  }

  /** Asks those that want to tell how far they are, and have told nothing for a while. */
  #notifyProgress(): void {
    for (const watch of this.#watches.values()) {
      if (watch.progressNotify && watch.quiet) watch.source.requestProgress();
      watch.quiet = true;
    }
  }

  /** Tells how far all are, once each was told everything, so that nothing before it is still to come. */
  #tellProgress(messages: EncodedMessages): void {
    for (const { source } of this.#watches.values()) if (!source.isSynced) return;
    this.#progressWanted = false;
    if (this.#watches.size > 0)
      messages.add([this.#headers.at(this.#parts.member.revision), fieldsOf({ watchId: noWatch })]);
  }

  #end(error?: unknown): void {
    this.#over ??= { error };
    this.#wake?.();
    this.#taken?.();
  }
}

/** No key means the first one that may be (`v3rpc/watch.go`). */
function withKey({ key, rangeEnd }: CreateRequest): { key: Uint8Array; rangeEnd: Uint8Array } {
  return { key: key.length === 0 ? Uint8Array.of(0) : key, rangeEnd };
}
