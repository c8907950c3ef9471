import { bool, bytes, enumeration, int64, list, listOfNames, message, nested, oneOf, string } from '#wire';
import { KeyValue, ResponseHeader } from './kv.ts';

// Watching: the Watch part of etcd's `api/etcdserverpb/rpc.proto`. One stream carries many watches.

/** What happened to a key. */
export const EventType = enumeration({ PUT: 0, DELETE: 1 });

/** One change of one key. */
export class Event extends message({
  type: oneOf(1, EventType),
  kv: nested(2, KeyValue),
  prevKv: nested(3, KeyValue),
}) {}

/** Events that a watch leaves out. */
export const FilterType = enumeration({ NOPUT: 0, NODELETE: 1 });

/** Begins a watch. */
export class WatchCreateRequest extends message({
  key: bytes(1),
  rangeEnd: bytes(2),
  startRevision: int64(3),
  progressNotify: bool(4),
  filters: listOfNames(5, FilterType),
  prevKv: bool(6),
  watchId: int64(7),
  fragment: bool(8),
}) {}

/** Ends a watch. */
export class WatchCancelRequest extends message({
  watchId: int64(1),
}) {}

/** Asks up to where all watches of the stream have been told. */
export class WatchProgressRequest extends message({}) {}

/** One of the three. */
export class WatchRequest extends message({
  createRequest: nested(1, WatchCreateRequest),
  cancelRequest: nested(2, WatchCancelRequest),
  progressRequest: nested(3, WatchProgressRequest),
}) {}

/** News of one watch; of none (-1) when it answers a request for progress. */
export class WatchResponse extends message({
  header: nested(1, ResponseHeader),
  watchId: int64(2),
  created: bool(3),
  canceled: bool(4),
  compactRevision: int64(5),
  cancelReason: string(6),
  fragment: bool(7),
  events: list(11, Event),
}) {}
