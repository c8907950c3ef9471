import { AsyncQueue, messageOf, type Clock, type Logger, type Timer } from '#base';
import { isRpcError, type Init, type RpcCode } from '#wire';
import * as rpc from '../rpc/index.ts';
import type { Watch, WatchEvent, WatchRequest, WatchResponse } from '../store.ts';
import { eventOf } from './answers.ts';
import type { Endpoint } from './endpoint.ts';
import type { Endpoints } from './endpoints.ts';
import { toEtcdError } from './errors.ts';
import { watchMessage } from './requests.ts';
import { answersProgress } from './versions.ts';

/** Responses kept for a consumer that reads slowly; beyond, the member is held back. */
const bufferedResponses = 1024;
const retryMs = 100;
/** Members do not answer a request for progress while events are under way (`mvcc/watcher.go`). */
const progressRetryMs = 100;
/** Each stream carries one watch, so that any number does. */
const watchId = 1;

export interface RemoteWatchOptions {
  endpoints: Endpoints;
  clock: Clock;
  log: Logger;
  /** The newest revision, for a watch from now on. */
  newest: (signal: AbortSignal) => Promise<number>;
  onEnd: () => void;
}

/**
 * One watch, on a stream of its own. When that breaks it goes on with the next member where it was: at the revision
 * after the last one that was told. etcd's client puts many watches on a stream; but then an answer to a request for
 * progress may be older than a watch that it seems to speak of, and a slow consumer cannot be held back alone.
 * kube-apiserver gives each resource a stream, too.
 */
export class RemoteWatch implements Watch {
  readonly #request: WatchRequest;
  readonly #options: RemoteWatchOptions;
  readonly #stop = new AbortController();
  readonly #responses = new AsyncQueue<WatchResponse>();
  /** The next revision to hear of; 0 while it is not known. */
  #next: number;
  /** Events of a response that has not come whole. */
  #fragments: rpc.Event[] = [];
  #requests: AsyncQueue<rpc.WatchRequest> | undefined;
  #progressWanted = false;
  #progressRetry: Timer | undefined;
  #taken: (() => void) | undefined;
  #isCancelled = false;

  constructor(request: WatchRequest, options: RemoteWatchOptions) {
    this.#request = request;
    this.#options = options;
    this.#next = request.startRevision ?? 0;
    this.#run().then(
      () => this.#end(),
      (error: unknown) => this.#end(toEtcdError(error)),
    );
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#stop.abort();
    this.#end();
  }

  requestProgress(): void {
    this.#progressWanted = true;
    this.#askForProgress();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchResponse, void> {
    try {
      for await (const response of this.#responses) {
        this.#taken?.();
        if (this.#isCancelled) return;
        yield response;
      }
    } finally {
      this.cancel();
    }
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (isFinal(error)) throw error;
        if (!signal.aborted) this.#tellBroken(error);
      }
      await clock.sleep(retryMs, signal).catch(() => {}); // rejects at the end
    }
  }

  /** Hears of everything from one member, as long as that goes well. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    this.#next ||= 1 + (await this.#options.newest(signal));
    const endpoint = await this.#options.endpoints.available(signal);
    if (!endpoint) return;
    const left = new AbortController();
    const stopListening = endpoint.onChange(() => endpoint.trouble && left.abort());
    const requests = new AsyncQueue<rpc.WatchRequest>();
    requests.push(requestOf({ createRequest: watchMessage(this.#request, watchId, this.#next) }));
    try {
      for await (const response of endpoint.watch.watch(requests, AbortSignal.any([signal, left.signal]))) {
        if (response.created && !response.canceled) this.#begun(endpoint, requests);
        else this.#receive(response, endpoint);
        await this.#room();
      }
    } finally {
      stopListening();
      requests.close();
      this.#requests = undefined;
      this.#fragments = [];
    }
  }

  #begun({ version }: Endpoint, requests: AsyncQueue<rpc.WatchRequest>): void {
    if (!answersProgress(version)) return;
    this.#requests = requests;
    this.#askForProgress();
  }

  #receive(response: rpc.WatchResponse, endpoint: Endpoint): void {
    const { events, header, canceled, compactRevision, fragment } = response;
    const revision = header?.revision ?? 0;
    if (canceled || compactRevision > 0) return this.#cancelled(revision, compactRevision, response.cancelReason);
    this.#fragments.push(...events);
    if (fragment) return;
    const whole = this.#fragments.map(eventOf);
    this.#fragments = [];
    if (whole.length > 0) this.#tell(whole);
    else if (answersProgress(endpoint.version)) this.#progressed(revision);
  }

  /** One response for each revision, however etcd put them together. */
  #tell(events: readonly WatchEvent[]): void {
    for (const [revision, own] of Map.groupBy(events, ({ kv }) => kv.modRevision)) {
      if (revision < this.#next) continue;
      this.#next = revision + 1;
      this.#responses.push({ header: { revision }, events: own });
    }
  }

  /** Members before 3.6 also tell progress of a watch that begins in the future. */
  #progressed(revision: number): void {
    if (revision + 1 < this.#next || !this.#progressWanted) return;
    this.#next = revision + 1;
    this.#progressWanted = false;
    this.#responses.push({ header: { revision }, events: [] });
  }

  /** The member will tell no more of this watch, and nor will another. */
  #cancelled(revision: number, compactRevision: number, reason: string): void {
    const { log } = this.#options;
    log.debug({ key: keyText(this.#request), next: this.#next, compactRevision, reason }, 'etcd ended a watch');
    const header = { revision };
    this.#responses.push({ header, events: [], canceled: true, ...(compactRevision > 0 && { compactRevision }) });
    this.#stop.abort();
  }

  /** Asks until there is an answer. */
  #askForProgress(): void {
    if (!this.#requests || !this.#progressWanted) return;
    this.#requests.push(requestOf({ progressRequest: {} }));
    this.#progressRetry ??= this.#options.clock.timer(progressRetryMs, () => {
      this.#progressRetry = undefined;
      this.#askForProgress();
    });
  }

  /** Waits until the consumer has taken enough. */
  async #room(): Promise<void> {
    while (this.#responses.size > bufferedResponses && !this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => (this.#taken = resolve));
    }
  }

  #tellBroken(error: unknown): void {
    const fields = { key: keyText(this.#request), next: this.#next, error: messageOf(error) };
    this.#options.log.debug(fields, 'a watch of etcd goes on with the next member');
  }

  #end(error?: unknown): void {
    this.#responses.close(error);
    this.#progressRetry?.cancel();
    this.#taken?.();
    this.#options.onEnd();
  }
}

function requestOf(init: Init<rpc.WatchRequest>): rpc.WatchRequest {
  return rpc.WatchRequest.of(init);
}

function keyText({ key }: WatchRequest): string {
  return Buffer.from(key).toString();
}

const finalCodes: readonly RpcCode[] = [
  'InvalidArgument',
  'PermissionDenied',
  'Unauthenticated',
  'Unimplemented',
  'FailedPrecondition',
];

/** What no other member would answer otherwise (`client/v3/client.go`, `isHaltErr`). */
function isFinal(error: unknown): boolean {
  return isRpcError(error, ...finalCodes) || finalCodes.includes(toEtcdError(error).rpcCode);
}
