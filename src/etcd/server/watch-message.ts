import { bytes, encode, list, message, type Infer } from '#wire';
import * as rpc from '../rpc/index.ts';
import type { WatchEvent } from '../store.ts';
import type { Header } from './identity.ts';

/** A `WatchResponse` whose events are encoded already: the same for all watches that are told of one change. */
export class EncodedWatchResponse extends message({ ...rpc.WatchResponse.fields, events: list(11, bytes) }) {}

export type WatchMessage = Infer<typeof EncodedWatchResponse>;

const encoded = new WeakMap<WatchEvent, Uint8Array>();

const empty: Omit<WatchMessage, 'header' | 'events'> = {
  watchId: 0,
  created: false,
  canceled: false,
  compactRevision: 0,
  cancelReason: '',
  fragment: false,
};

/** A message of a watch stream; what is not given is as if it were not sent. */
export function watchMessage(header: Header, part: Partial<WatchMessage>): WatchMessage {
  return { header, events: [], ...empty, ...part };
}

/** An event as it goes over the wire. */
export function encodeEvent(event: WatchEvent): Uint8Array {
  let made = encoded.get(event);
  if (!made) encoded.set(event, (made = encode(rpc.Event, messageOf(event))));
  return made;
}

function messageOf({ type, kv, prevKv }: WatchEvent): Infer<typeof rpc.Event> {
  const name = type === 'put' ? 'PUT' : 'DELETE';
  return prevKv ? { type: name, kv, prevKv } : { type: name, kv };
}

/** What a key-value takes beside key and value: its numbers and their tags, at most. */
const numbersBytes = 64;

/** The events in pieces below a size, each of one event at least (`v3rpc.sendFragments`). */
export function fragmentsOf(events: readonly WatchEvent[], maxBytes: number): WatchEvent[][] {
  const fragments: WatchEvent[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const size = sizeOf(event);
    const last = fragments.at(-1);
    if (last && bytes + size < maxBytes) {
      last.push(event);
      bytes += size;
    } else {
      fragments.push([event]);
      bytes = size;
    }
  }
  return fragments;
}

function sizeOf({ kv, prevKv }: WatchEvent): number {
  const size = kv.key.length + kv.value.length + numbersBytes;
  return prevKv ? size + prevKv.key.length + prevKv.value.length + numbersBytes : size;
}
