import { formatYaml, notAcceptable, type Resource } from '#machinery';
import type { Format } from '../http/negotiate.ts';
import type { ListResult } from '../registry/rest.ts';
import { jsonLine } from './encode-object.ts';
import { messageOfKind } from './kinds.ts';
import { partialOf } from './partial.ts';
import { encodeListProtobuf, rawProtobuf } from './protobuf.ts';
import { tableOfList, type TableOptions } from './table.ts';
import { encodeProtobuf } from '#machinery';

/** A list as bytes. JSON is made of the buffers that the store has already; nothing is serialized again. */
export function encodeList(
  resource: Resource,
  list: ListResult,
  format: Format,
  table: () => TableOptions,
): Uint8Array {
  switch (format.transform) {
    case 'Table':
      return encodeValue(tableOfList(resource, list, table()), format);
    case 'PartialObjectMetadataList':
      return encodePartials(list, format);
    case 'PartialObjectMetadata':
      throw notAcceptable(
        `you requested PartialObjectMetadata, but the requested object is a list (${resource.listKind})`,
      );
    default:
      return encodePlain(resource, list, format);
  }
}

function encodePlain(resource: Resource, list: ListResult, format: Format): Uint8Array {
  const kind = { kind: resource.listKind, apiVersion: resource.apiVersion };
  if (format.encoding === 'protobuf') {
    const items = list.items.map((item) => rawProtobuf(resource.kind, item));
    return encodeListProtobuf(kind, list, items);
  }
  if (format.encoding === 'yaml' || format.pretty) {
    return encodeValue({ ...kind, metadata: metadataOf(list), items: list.items.map(({ object }) => object) }, format);
  }
  return joinJson(
    { ...kind, metadata: metadataOf(list) },
    list.items.map(({ json }) => json),
  );
}

function encodePartials(list: ListResult, format: Format): Uint8Array {
  const { version = 'v1' } = format;
  const kind = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${version}` };
  const items = list.items.map(({ object }) => partialOf(object, version));
  if (format.encoding === 'protobuf') {
    const message = messageOfKind('meta.k8s.io/v1', 'PartialObjectMetadata');
    if (!message) throw new Error('PartialObjectMetadata is not known');
    return encodeListProtobuf(
      kind,
      list,
      items.map((item) => encodeProtobuf(message, item)),
    );
  }
  return encodeValue({ ...kind, metadata: metadataOf(list), items }, format);
}

function metadataOf({ resourceVersion, continue: next, remainingItemCount }: ListResult): object {
  return {
    resourceVersion,
    ...(next && { continue: next }),
    ...(remainingItemCount !== undefined && { remainingItemCount }),
  };
}

function encodeValue(value: object, { encoding, pretty }: Format): Uint8Array {
  return encoding === 'yaml' ? Buffer.from(formatYaml(value)) : jsonLine(value, pretty);
}

const comma = Buffer.from(',');

/** `{"kind":...,"items":[` + the items' own bytes + `]}`. */
function joinJson(head: object, items: readonly Buffer[]): Buffer {
  const start = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`);
  const parts: Buffer[] = [start];
  items.forEach((item, at) => {
    if (at > 0) parts.push(comma);
    parts.push(item);
  });
  parts.push(Buffer.from(']}\n'));
  return Buffer.concat(parts);
}
