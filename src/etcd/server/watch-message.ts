import type { Infer } from '#wire';
import type * as rpc from '../rpc/index.ts';
import type { WatchEvent } from '../store.ts';
import type { Header } from './identity.ts';

export type WatchMessage = Infer<typeof rpc.WatchResponse>;
type EventMessage = Infer<typeof rpc.Event>;

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
export function toEvent({ type, kv, prevKv }: WatchEvent): EventMessage {
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
