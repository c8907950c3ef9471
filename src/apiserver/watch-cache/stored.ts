import { deepFreeze } from '#base';
import { decode, managedFieldsText, type KubeObject, type Message } from '#machinery';
import { goFormText, parseGoForm } from '../encoding/go-form.ts';
import type { Stored } from '../registry/rest.ts';

/**
 * One version of an object. It is born either of a write (the object is there, its bytes as they went to the store too)
 * or of a read (bytes only); what is missing is made when somebody first asks, and then kept.
 *
 * The store's value has no `metadata.resourceVersion`, since the revision is not known before the write. The value
 * always begins with apiVersion, kind and metadata, so the served JSON is the value with a few bytes let in. It is
 * kept with its line end, so that lists and single answers are cuts of one buffer.
 */
export class StoredObject implements Stored {
  readonly resourceVersion: number;
  #object: KubeObject | undefined;
  #value: Buffer | undefined;
  #framed: Buffer | undefined;
  #protobuf: Uint8Array | undefined;

  constructor(revision: number, value: Buffer | undefined, object?: KubeObject) {
    this.resourceVersion = revision;
    this.#value = value;
    this.#object = object && withRevision(object, revision);
  }

  get object(): KubeObject {
    return (this.#object ??= withRevision(parseGoForm(this.#text()), this.resourceVersion));
  }

  get json(): Buffer {
    return this.#frame().subarray(0, -1);
  }

  get jsonLine(): Buffer {
    return this.#frame();
  }

  get jsonOfItem(): Buffer {
    const frame = this.#frame();
    return frame.subarray(frame.indexOf(metadataName), -1);
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

  #frame(): Buffer {
    if (!this.#framed) {
      this.#framed = this.#value ? framed(this.#value, this.resourceVersion) : framedText(this.object);
      this.#value = undefined;
    }
    return this.#framed;
  }
}

const metadataOpening = '"metadata":{';

/** What the store keeps of an object: JSON that begins with apiVersion, kind and metadata, without the revision. */
export function encodeValue(object: KubeObject): Buffer {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { resourceVersion: _, managedFields, ...kept } = metadata;
  const text = goFormText({ apiVersion, kind, metadata: kept, ...rest });
  if (!managedFields) return Buffer.from(text);
  // These are a third of a pod, and have their text already.
  const owned = `"managedFields":${managedFieldsText(managedFields)}`;
  const at = text.indexOf(metadataOpening) + metadataOpening.length;
  return Buffer.from(`${text.slice(0, at)}${owned}${text[at] === '}' ? '' : ','}${text.slice(at)}`);
}

function withRevision(object: KubeObject, revision: number): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { resourceVersion: _, ...kept } = metadata;
  // A dry run that creates has no revision.
  const stamped = revision === 0 ? kept : { ...kept, resourceVersion: String(revision) };
  return deepFreeze({ apiVersion, kind, metadata: stamped, ...rest });
}

const metadataName = Buffer.from('"metadata":');
const opening = /^\{"apiVersion":"[^"\\]*","kind":"[^"\\]*","metadata":\{/;

/** The value with its revision let in, and a line end. */
function framed(value: Buffer, revision: number): Buffer {
  const head = opening.exec(value.toString('latin1', 0, 400))?.[0].length;
  // Written by somebody else, in another order.
  if (head === undefined) return framedText(withRevision(parseGoForm(value.toString()), revision));
  const isBare = value[head] === 0x7d; // `}`: no other metadata
  const part = revision === 0 ? '' : `"resourceVersion":"${revision}"${isBare ? '' : ','}`;
  const made = ownBuffer(value.length + part.length + 1);
  value.copy(made, 0, 0, head);
  made.write(part, head, 'latin1');
  value.copy(made, head + part.length, head);
  made[made.length - 1] = lineEnd;
  return made;
}

function framedText(object: KubeObject): Buffer {
  const text = `${goFormText(object)}\n`;
  const made = ownBuffer(Buffer.byteLength(text));
  made.write(text);
  return made;
}

/** Not from Node's pool of small buffers: what lives for long there keeps its short-lived neighbours in memory. */
function ownBuffer(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes);
}

const lineEnd = 0x0a;

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
