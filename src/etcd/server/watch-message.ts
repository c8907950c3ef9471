import { encode, type EncodedMessages, type Init } from '#wire';
import * as rpc from '../rpc/index.ts';
import type { WatchEvent } from '../store.ts';
import type { Header } from './identity.ts';

const fields = new WeakMap<WatchEvent, Buffer>();

/** Fields of a `WatchResponse` as they go over the wire, to be put together with others. */
export function fieldsOf(response: Init<rpc.WatchResponse>): Buffer {
  // What is not given is not written, as if it were zero.
  return bufferOf(encode(rpc.WatchResponse, response as rpc.WatchResponse));
}

/** An event as it stands in a response: the same bytes for all who are told of it. */
function fieldOf(event: WatchEvent): Buffer {
  let field = fields.get(event);
  if (!field) {
    const { type, ...kvs } = event;
    fields.set(event, (field = fieldsOf({ events: [{ ...kvs, type: type === 'put' ? 'PUT' : 'DELETE' }] })));
  }
  return field;
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The header of responses, encoded once for all of one revision. */
export class HeaderFields {
  readonly #headerOf: (revision: number) => Header;
  #revision = -1;
  #field: Buffer = Buffer.alloc(0);

  constructor(headerOf: (revision: number) => Header) {
    this.#headerOf = headerOf;
  }

  at(revision: number): Buffer {
    if (revision !== this.#revision) {
      this.#field = fieldsOf({ header: this.#headerOf(revision) });
      this.#revision = revision;
    }
    return this.#field;
  }
}

const fragmentField = fieldsOf({ fragment: true });

/** Puts events into responses to one watch: as many as fit, and to who takes fragments in several (`v3rpc.sendFragments`). */
export class EventPacker {
  readonly #to: EncodedMessages;
  readonly #headers: HeaderFields;
  readonly #idField: Buffer;
  readonly #maxBytes: number;
  #revision = 0;
  #events: Buffer[] = [];
  #bytes = 0;

  /** `maxBytes` is what a fragment may be; Infinity for who takes none. */
  constructor(
    to: EncodedMessages,
    { headers, idField, maxBytes }: { headers: HeaderFields; idField: Buffer; maxBytes: number },
  ) {
    this.#to = to;
    this.#headers = headers;
    this.#idField = idField;
    this.#maxBytes = maxBytes;
  }

  /** Bytes that wait for `flush`. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds what happened at a revision. */
  add(revision: number, events: readonly WatchEvent[]): void {
    this.#revision = revision;
    for (const event of events) {
      const field = fieldOf(event);
      if (this.#events.length > 0 && this.#bytes + field.length >= this.#maxBytes) this.#send(true);
      this.#events.push(field);
      this.#bytes += field.length;
    }
  }

  /** Ends the response, if there is one. */
  flush(): void {
    if (this.#events.length > 0) this.#send(false);
  }

  #send(isFragment: boolean): void {
    const own = [this.#headers.at(this.#revision), this.#idField];
    if (isFragment) own.push(fragmentField);
    this.#to.add(own, this.#events);
    this.#events = [];
    this.#bytes = 0;
  }
}
