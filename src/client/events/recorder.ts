import { randomInt, type Clock, type Logger, type Random } from '#base';
import { events } from '#api';
import { formatTime, isStatusError, nameOf, namespaceOf, type KubeObject } from '#machinery';
import type { Client } from '../client.ts';
import { EventCorrelator, type Correlated, type EventFacts } from './correlator.ts';

export interface EventRecorderOptions {
  client: Client;
  /** `kubelet`, `deployment-controller`, ... */
  component: string;
  host?: string;
  clock: Clock;
  random: Random;
  log: Logger;
}

export interface EventOptions {
  /** The part of the object that is meant: `spec.containers{web}`. */
  fieldPath?: string;
  annotations?: Record<string, string>;
}

/** An object, or a reference to one (whose fields then stand at the top). */
export type EventSubject =
  | KubeObject
  | { apiVersion?: string; kind: string; name: string; namespace?: string; uid?: string; resourceVersion?: string };

type Write = Extract<Correlated, { action: 'write' }>;

const maxWaiting = 1000;
const maxTries = 12;
const retryMs = 10_000;

/**
 * Writes core/v1 Events about objects in the background: telling never waits and never fails. The objects must carry
 * `apiVersion` and `kind`, as all do that come out of a client.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #correlator: EventCorrelator;
  #tail: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();
  #waiting = 0;
  #lastNano = 0n;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    const source = `${options.component}/${options.host ?? ''}`;
    this.#correlator = new EventCorrelator({ clock: options.clock, source });
  }

  event(
    subject: EventSubject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    { fieldPath, annotations }: EventOptions = {},
  ): void {
    if (this.#waiting >= maxWaiting) {
      this.#options.log.warn({ reason }, 'too many events wait, this one is dropped');
      return;
    }
    const involvedObject = { ...referenceTo(subject), ...(fieldPath && { fieldPath }) };
    const namespace = involvedObject.namespace || 'default';
    const facts: EventFacts = { namespace, involvedObject, type, reason, message, annotations };
    this.#waiting++;
    const atMs = this.#options.clock.now();
    this.#tail = this.#tail.then(() => this.#record(facts, atMs)).finally(() => this.#waiting--);
  }

  /** Resolves when all that was told so far is written, or given up. */
  flush(): Promise<void> {
    return this.#tail;
  }

  /** Tries once more what waits to be tried again, and never after that: a component that has stopped holds no timer. */
  close(): void {
    this.#closing.abort();
  }

  async #record(facts: EventFacts, atMs: number): Promise<void> {
    const correlated = this.#correlator.correlate(facts);
    if (correlated.action === 'drop') return;
    const { log, clock, random } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#write(facts, correlated, atMs);
      } catch (error) {
        const key = `${facts.namespace}/${facts.involvedObject.name ?? ''}`;
        const fields = { key, reason: facts.reason, error };
        // An event about something in a namespace that ends is refused: nobody will miss it.
        if (isStatusError(error)) return log.debug(fields, 'the server rejected an event');
        if (attempt >= maxTries) return log.warn(fields, 'giving up on an event');
        if (this.#closing.signal.aborted) return log.debug(fields, 'an event is given up, its recorder is closed');
        await clock.sleep(attempt === 1 ? retryMs * random.next() : retryMs, this.#closing.signal).catch(() => {});
      }
    }
  }

  async #write(facts: EventFacts, correlated: Write, atMs: number): Promise<void> {
    const { key, count, firstMs, message } = correlated;
    const calls = this.#options.client.of(events).in(facts.namespace);
    if (correlated.name !== undefined) {
      try {
        const patch = { count, message, lastTimestamp: formatTime(atMs) };
        await calls.patch(correlated.name, patch);
        return this.#correlator.stored(key, correlated.name, count, firstMs);
      } catch (error) {
        if (!isStatusError(error, 'NotFound')) throw error; // events expire; then it is written anew
      }
    }
    const name = this.#nameFor(facts);
    await calls.create(this.#eventOf(facts, correlated, name, atMs));
    this.#correlator.stored(key, name, count, firstMs);
  }

  #eventOf(facts: EventFacts, { count, firstMs, message }: Write, name: string, atMs: number) {
    const { component, host } = this.#options;
    const { namespace, involvedObject, type, reason, annotations } = facts;
    return {
      metadata: { name, namespace, ...(annotations && { annotations }) },
      involvedObject,
      reason,
      message,
      source: { component, ...(host && { host }) },
      firstTimestamp: formatTime(firstMs),
      lastTimestamp: formatTime(atMs),
      count,
      type,
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
  }

  /** `<object>.<nanoseconds in hex>`, as client-go names events; what the clock lacks in digits is random. */
  #nameFor({ involvedObject }: EventFacts): string {
    const { clock, random } = this.#options;
    const nano = BigInt(Math.floor(clock.now())) * 1_000_000n + BigInt(randomInt(random, 1_000_000));
    this.#lastNano = nano > this.#lastNano ? nano : this.#lastNano + 1n;
    return `${involvedObject.name ?? ''}.${this.#lastNano.toString(16)}`;
  }
}

function referenceTo(subject: EventSubject): EventFacts['involvedObject'] {
  if (!('metadata' in subject)) return subject;
  const { apiVersion, kind, metadata } = subject;
  const namespace = namespaceOf(subject);
  return {
    ...(apiVersion && { apiVersion }),
    ...(kind && { kind }),
    name: nameOf(subject),
    ...(namespace && { namespace }),
    ...(metadata.uid && { uid: metadata.uid }),
    ...(metadata.resourceVersion && { resourceVersion: metadata.resourceVersion }),
  };
}
