import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, EncodedMessages } from '#wire';
import * as rpc from '../rpc/index.ts';
import type { WatchEvent } from '../store.ts';
import { EventPacker, fieldsOf, HeaderFields } from './watch-message.ts';

const headers = new HeaderFields((revision) => ({ clusterId: 1n, memberId: 2n, revision, raftTerm: 2 }));

function eventAt(modRevision: number, bytes = 10): WatchEvent {
  const key = Buffer.from(`key/${modRevision}`);
  return {
    type: 'put',
    kv: { key, value: Buffer.alloc(bytes), createRevision: 1, modRevision, version: 1, lease: 0n },
  };
}

function pack(watchId: number, events: readonly WatchEvent[], maxBytes = Infinity): EncodedMessages {
  const messages = new EncodedMessages();
  const packer = new EventPacker(messages, { headers, idField: fieldsOf({ watchId }), maxBytes });
  for (const event of events) packer.add(event.kv.modRevision, [event]);
  packer.flush();
  return messages;
}

function read({ chunks }: EncodedMessages): rpc.WatchResponse[] {
  let bytes = Buffer.concat(chunks);
  const responses: rpc.WatchResponse[] = [];
  while (bytes.length > 0) {
    const end = 5 + bytes.readUInt32BE(1);
    responses.push(decode(rpc.WatchResponse, bytes.subarray(5, end)));
    bytes = bytes.subarray(end);
  }
  return responses;
}

test('watches differ in a few bytes, and share those of the event', () => {
  const event = eventAt(7);
  const [first, second] = [pack(1, [event]), pack(300, [event])];
  assert.equal(first.chunks.at(-1), second.chunks.at(-1));
  const [response] = read(second);
  assert.deepEqual([response?.watchId, response?.header?.revision, response?.events[0]?.type], [300, 7, 'PUT']);
  assert.equal(second.bytes, Buffer.concat(second.chunks).length);
});

test('several revisions come in one response, with the number of the last', () => {
  const [response, ...more] = read(pack(0, [eventAt(7), eventAt(8), eventAt(9)]));
  assert.deepEqual([response?.header?.revision, response?.events.length, more.length], [9, 3, 0]);
});

test('fragments are below their size, of one event at least, and all but the last say that more comes', () => {
  const responses = read(pack(0, [eventAt(7, 60), eventAt(8, 60), eventAt(9, 500), eventAt(10)], 250));
  assert.deepEqual(
    responses.map(({ fragment, events }) => [fragment, events.length]),
    [
      [true, 2],
      [true, 1],
      [false, 1],
    ],
  );
});
