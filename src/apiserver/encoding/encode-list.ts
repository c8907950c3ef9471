import { encodeProtobuf, formatYaml, notAcceptable, type KubeObject, type Resource } from '#machinery';
import { pieceOf, type Piece } from '#wire';
import type { Group } from '../http/channel.ts';
import type { Format } from '../http/negotiate.ts';
import type { ListResult, Stored } from '../registry/rest.ts';
import { jsonLine } from './encode-object.ts';
import { internalType } from './go-names.ts';
import { inGoForm } from './go-form.ts';
import { messageOfKind } from './kinds.ts';
import { partialOf } from './partial.ts';
import { listProtobuf, rawProtobuf } from './protobuf.ts';
import { tableHead, tableRow, type TableOptions } from './table.ts';

/** Bytes of a group: much less, and each costs more than it carries; much more, and the others wait. */
const groupBytes = 1024 * 1024;
/** Objects that are encoded, and not only copied, between two turns. */
const encodedAtOnce = 100;

/**
 * A list as it is sent, group by group, so that one of ten thousand objects neither holds the event loop nor is in memory twice.
 * JSON is made of the texts that are kept already; nothing is serialized again. Throws NotAcceptable at once.
 */
export function encodeList(
  resource: Resource,
  list: ListResult,
  format: Format,
  table: () => TableOptions,
): Iterable<Group> {
  switch (format.transform) {
    case 'Table':
      return encodeTable(resource, list, format, table());
    case 'PartialObjectMetadataList':
      return encodePartials(list, format);
    case 'PartialObjectMetadata':
      throw notAcceptable(
        `you requested PartialObjectMetadata, but the requested object is a list (${internalType({ group: resource.group, kind: resource.listKind })})`,
      );
    default:
      return encodePlain(resource, list, format);
  }
}

function encodePlain(resource: Resource, list: ListResult, format: Format): Iterable<Group> {
  const kind = { kind: resource.listKind, apiVersion: resource.apiVersion };
  const head = { ...kind, metadata: metadataOf(list) };
  if (format.encoding === 'protobuf') {
    return encodeProtobufList(kind, list, (item) => rawProtobuf(resource.kind, item));
  }
  if (format.encoding === 'yaml' || format.pretty) {
    return whole({ ...head, items: list.items.map(({ object }) => untyped(object)) }, format);
  }
  return storedJson(head, list.items);
}

function encodePartials(list: ListResult, format: Format): Iterable<Group> {
  const { version = 'v1' } = format;
  const kind = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${version}` };
  const head = { ...kind, metadata: metadataOf(list) };
  // Go makes a list of what there is, and none of nothing.
  if (list.items.length === 0 && format.encoding !== 'protobuf') return whole({ ...head, items: null }, format);
  if (format.encoding === 'protobuf') {
    const message = messageOfKind('meta.k8s.io/v1', 'PartialObjectMetadata');
    if (!message) throw new Error('PartialObjectMetadata is not known');
    return encodeProtobufList(kind, list, ({ object }) => encodeProtobuf(message, partialOf(object, version)));
  }
  if (format.encoding === 'yaml' || format.pretty) {
    return whole({ ...head, items: list.items.map(({ object }) => partialOf(object, version)) }, format);
  }
  return madeJson(head, 'items', list.items, ({ object }) => partialOf(object, version));
}

function encodeTable(resource: Resource, list: ListResult, format: Format, options: TableOptions): Iterable<Group> {
  const head = tableHead(resource, metadataOf(list), options);
  const row = (item: Stored): object => tableRow(resource, item, options);
  const items = inTableOrder(resource as Resource<KubeObject>, list.items);
  if (format.encoding === 'yaml' || format.pretty) return whole({ ...head, rows: items.map(row) }, format);
  return madeJson(head, 'rows', items, row);
}

function inTableOrder({ tableOrder }: Resource<KubeObject>, items: readonly Stored[]): readonly Stored[] {
  return tableOrder ? items.toSorted((a, b) => tableOrder(a.object, b.object)) : items;
}

/** Items of a list do not tell their kind: Go's types know it, and leave it out when they are written. */
function untyped(object: KubeObject): object {
  const { apiVersion: _, kind: __, ...rest } = inGoForm(object);
  return rest;
}

function metadataOf({ resourceVersion, continue: next, remainingItemCount }: ListResult): object {
  return {
    resourceVersion,
    ...(next && { continue: next }),
    ...(remainingItemCount !== undefined && { remainingItemCount }),
  };
}

/** For people, who do not read ten thousand objects. */
function whole(value: object, { encoding, pretty }: Format): Iterable<Group> {
  return [[encoding === 'yaml' ? pieceOf(formatYaml(value)) : jsonLine(value, pretty)]];
}

/** `{"kind":...,"items":[` + the items' own bytes + `]}`. */
function storedJson(head: object, items: readonly Stored[]): Iterable<Group> {
  return inGroups(storedChunks(head, items));
}

function* storedChunks(head: object, items: readonly Stored[]): Generator<Piece> {
  yield listStart(head, 'items');
  for (const [at, item] of items.entries()) {
    yield at === 0 ? itemStart : nextItemStart;
    yield item.jsonOfItem;
  }
  yield listEnd;
}

/** The same of objects that are not stored as they are shown. */
function* madeJson(
  head: object,
  name: string,
  items: readonly Stored[],
  shown: (item: Stored) => object,
): Generator<Group> {
  yield [listStart(head, name)];
  for (let at = 0; at < items.length; at += encodedAtOnce) {
    const texts = items.slice(at, at + encodedAtOnce).map((item) => JSON.stringify(shown(item)));
    yield [pieceOf(`${at === 0 ? '' : ','}${texts.join(',')}`)];
  }
  yield [listEnd];
}

/** Protobuf says before each part how long it is: everything is encoded before the first byte leaves. */
function* encodeProtobufList(
  kind: { apiVersion: string; kind: string },
  list: ListResult,
  encode: (item: Stored) => Uint8Array,
): Generator<Group> {
  const items: Uint8Array[] = [];
  for (const item of list.items) {
    items.push(encode(item));
    if (items.length % encodedAtOnce === 0) yield [];
  }
  yield* inGroups(listProtobuf(kind, list, items));
}

function* inGroups(chunks: Iterable<Piece>): Generator<Group> {
  let group: Piece[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    group.push(chunk);
    bytes += chunk.length;
    if (bytes < groupBytes) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  yield group;
}

function listStart(head: object, name: string): Piece {
  return pieceOf(`${JSON.stringify(head).slice(0, -1)},"${name}":[`);
}

const itemStart = '{';
const nextItemStart = ',{';
const listEnd = ']}\n';
