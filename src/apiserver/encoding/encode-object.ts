import { formatYaml, isKubeObject, notAcceptable, parseApiVersion } from '#machinery';
import { pieceOf, type Piece } from '#wire';
import type { Format } from '../http/negotiate.ts';
import { internalType } from './go-names.ts';
import { inGoForm } from './go-form.ts';
import { partialOf } from './partial.ts';
import { encodeObjectProtobuf } from './protobuf.ts';

/** Any object of the API: what stands in it is its own affair. */
export type AnyObject = object;

/** An object, or a Status, as it is sent. A stored one has its JSON already. */
export function encodeObject(object: AnyObject, format: Format, stored?: { readonly jsonLine: Piece }): Piece {
  const asked = transformed(object, format);
  switch (format.encoding) {
    case 'protobuf':
      return encodeObjectProtobuf(asked);
    case 'yaml':
      return pieceOf(formatYaml(inGoForm(asked)));
    case 'json':
      if (stored && asked === object && !format.pretty) return stored.jsonLine;
      return jsonLine(inGoForm(asked), format.pretty);
  }
}

/** JSON as upstream writes it: with a line end, and indented for people. */
export function jsonLine(value: unknown, pretty: boolean): Piece {
  const text = JSON.stringify(value, undefined, pretty ? 2 : undefined).replace(unsafe, escapeOf);
  return pieceOf(`${text}\n`);
}

/** What a page or a script could take for its own: Go writes it escaped (`encoding/json`, `HTMLEscape`). */
const unsafe = /[<>&\u2028\u2029]/g;

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function transformed(object: AnyObject, { transform, version = 'v1' }: Format): AnyObject {
  if (transform === undefined || transform === 'Table' || !isKubeObject(object)) return object;
  if ('kind' in object && object.kind === 'Status') return object;
  if (transform === 'PartialObjectMetadata') return partialOf(object, version);
  const { group } = parseApiVersion(object.apiVersion ?? '');
  throw notAcceptable(
    `you requested PartialObjectMetadataList, but the requested object is not a list (${internalType({ group, kind: object.kind ?? '' })})`,
  );
}
