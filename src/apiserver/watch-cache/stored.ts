import { deepFreeze } from '#base';
import { decode, managedFieldsText, type KubeObject, type Message } from '#machinery';
import { partOf, pieceOf, type TextPiece } from '#wire';
import { goFormText, parseGoForm } from '../encoding/go-form.ts';
import type { Stored } from '../registry/rest.ts';

/**
 * One version of an object. It is born either of a write (the object is there, its text as it went to the store too)
 * or of a read (bytes only); what is missing is made when somebody first asks, and then kept.
 *
 * The store's value has no `metadata.resourceVersion`, since the revision is not known before the write. The value
 * always begins with apiVersion, kind and metadata, so the served JSON is the value with a few bytes let in. It is
 * kept with its line end, so that lists and single answers are cuts of one text.
 */
export class StoredObject implements Stored {
  readonly resourceVersion: number;
  #object: KubeObject | undefined;
  #value: Buffer | string | undefined;
  #line: TextPiece | undefined;
  #protobuf: Uint8Array | undefined;

  constructor(revision: number, value: Buffer | string | undefined, object?: KubeObject) {
    this.resourceVersion = revision;
    this.#value = value;
    this.#object = object && withRevision(object, revision);
  }

  get object(): KubeObject {
    return (this.#object ??= withRevision(parseGoForm(this.#text()), this.resourceVersion));
  }

  get json(): TextPiece {
    return partOf(this.jsonLine, 0, -1);
  }

  get jsonLine(): TextPiece {
    if (this.#line === undefined) {
      this.#line = pieceOf(this.#value === undefined ? lineOf(this.object) : this.#framed(this.#value.toString()));
      this.#value = undefined;
    }
    return this.#line;
  }

  get jsonOfItem(): TextPiece {
    const line = this.jsonLine;
    return partOf(line, line.indexOf(metadataName), -1);
  }

  protobuf(encode: () => Uint8Array): Uint8Array {
    return (this.#protobuf ??= encode());
  }

  /** The same content under another revision: what a DELETED event carries. */
  at(revision: number): StoredObject {
    return new StoredObject(revision, undefined, this.object);
  }

  #text(): string {
    return (this.#value ?? this.json).toString();
  }

  /** The value with its revision let in, and a line end. */
  #framed(value: string): string {
    const head = opening.exec(value)?.[0].length;
    // Written by somebody else, in another order.
    if (head === undefined) return lineOf(withRevision(parseGoForm(value), this.resourceVersion));
    const isBare = value[head] === '}'; // no other metadata
    const revision = this.resourceVersion;
    const part = revision === 0 ? '' : `"resourceVersion":"${revision}"${isBare ? '' : ','}`;
    return `${value.slice(0, head)}${part}${value.slice(head)}\n`;
  }
}

const metadataOpening = '"metadata":{';

/** What the store keeps of an object: JSON that begins with apiVersion, kind and metadata, without the revision. */
export function encodeValue(object: KubeObject): string {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { resourceVersion: _, managedFields, ...kept } = metadata;
  const text = goFormText({ apiVersion, kind, metadata: kept, ...rest });
  if (!managedFields) return text;
  // These are a third of a pod, and have their text already.
  const owned = `"managedFields":${managedFieldsText(managedFields)}`;
  const at = text.indexOf(metadataOpening) + metadataOpening.length;
  return `${text.slice(0, at)}${owned}${text[at] === '}' ? '' : ','}${text.slice(at)}`;
}

function withRevision(object: KubeObject, revision: number): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { resourceVersion: _, ...kept } = metadata;
  // A dry run that creates has no revision.
  const stamped = revision === 0 ? kept : { ...kept, resourceVersion: String(revision) };
  return deepFreeze({ apiVersion, kind, metadata: stamped, ...rest });
}

const metadataName = '"metadata":';
const opening = /^\{"apiVersion":"[^"\\]*","kind":"[^"\\]*","metadata":\{/;

function lineOf(object: KubeObject): string {
  return `${goFormText(object)}\n`;
}

/** The object of a BOOKMARK event: a kind and a revision, and what Go writes of an object in which nothing else is. */
export function bookmarkAt(
  revision: number,
  { apiVersion, kindName, kind }: { apiVersion: string; kindName: string; kind: Message },
  annotations?: Record<string, string>,
): StoredObject {
  const metadata = { ...(annotations && { annotations }) };
  const empty = decode(kind, { metadata }).object as KubeObject; // every kind that is watched has metadata
  return new StoredObject(revision, undefined, { ...empty, apiVersion, kind: kindName });
}
