import {
  decodeKube,
  decodeProtobuf,
  encodeKube,
  encodeProtobuf,
  kubeEnvelope,
  badRequest,
  notAcceptable,
  type Message,
} from '#machinery';
import type { ListResult, Stored } from '../registry/rest.ts';
import { messageOfKind } from './kinds.ts';
import { lengthDelimited, lengthHead, stringField, varintField } from './protobuf-writer.ts';

interface Kinded {
  apiVersion?: string;
  kind?: string;
}

/** One object in Kubernetes' protobuf envelope. Throws NotAcceptable for kinds that have no protobuf form. */
export function encodeObjectProtobuf(object: Kinded): Uint8Array {
  const { apiVersion = '', kind = '' } = object;
  const message = messageOfKind(apiVersion, kind);
  if (!message) throw noProtobuf();
  return encodeKube({ apiVersion, kind }, encodeProtobuf(message, object));
}

/** A stored object without its envelope. Objects are shared by many readers: their protobuf is made once. */
export function rawProtobuf(message: Message, stored: Stored): Uint8Array {
  return stored.protobuf(() => encodeProtobuf(message, stored.object));
}

/** A list, piece by piece: every list type of the API has its ListMeta as field 1 and its items as field 2. */
export function* listProtobuf(
  kind: { apiVersion: string; kind: string },
  list: Omit<ListResult, 'items'>,
  items: readonly Uint8Array[],
): Generator<Uint8Array> {
  const meta = Buffer.concat([
    stringField(2, list.resourceVersion),
    ...(list.continue ? [stringField(3, list.continue)] : []),
    ...(list.remainingItemCount === undefined ? [] : [varintField(4, list.remainingItemCount)]),
  ]);
  const start = Buffer.concat(lengthDelimited(1, meta));
  const heads = items.map((item) => lengthHead(2, item.length));
  const length = items.reduce((sum, item, at) => sum + item.length + (heads[at]?.length ?? 0), start.length);
  const [before, behind] = kubeEnvelope(kind, length);
  yield Buffer.concat([before, start]);
  for (const [at, item] of items.entries()) {
    yield heads[at] ?? Buffer.of();
    yield item;
  }
  yield behind;
}

/** The object that a protobuf body carries, as a JSON value. Throws BadRequest. */
export function decodeBodyProtobuf(bytes: Uint8Array): unknown {
  const { apiVersion, kind, raw } = decodeKube(bytes);
  const message = messageOfKind(apiVersion, kind);
  if (!message) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { apiVersion, kind, ...(decodeProtobuf(message, raw) as object) };
}

function noProtobuf(): Error {
  return notAcceptable('only the following media types are accepted: application/json, application/yaml');
}
