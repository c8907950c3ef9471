import { deepFreeze } from '#base';
import type { KubeObject } from '#machinery';
import type { Stored } from '../registry/rest.ts';

/**
 * One version of an object. It is born either of a write (the object is there, its bytes as they went to the store too)
 * or of a read (bytes only); what is missing is made when somebody first asks, and then kept.
 *
 * The store's value has no `metadata.resourceVersion`, since the revision is not known before the write. The value
 * always begins with apiVersion, kind and metadata, so the served JSON is the value with a few bytes let in.
 */
export class StoredObject implements Stored {
  readonly resourceVersion: number;
  #object: KubeObject | undefined;
  #value: Buffer | undefined;
  #json: Buffer | undefined;

  constructor(revision: number, value: Buffer | undefined, object?: KubeObject) {
    this.resourceVersion = revision;
    this.#value = value;
    this.#object = object && withRevision(object, revision);
  }

  get object(): KubeObject {
    return (this.#object ??= withRevision(JSON.parse(this.#bytes().toString()) as KubeObject, this.resourceVersion));
  }

  get json(): Buffer {
    if (!this.#json) {
      this.#json = this.#value ? spliceRevision(this.#value, this.resourceVersion) : bufferOf(this.object);
      this.#value = undefined;
    }
    return this.#json;
  }

  /** The same content under another revision: what a DELETED event carries. */
  at(revision: number): StoredObject {
    return new StoredObject(revision, undefined, this.object);
  }

  #bytes(): Buffer {
    return this.#value ?? this.json;
  }
}

/** What the store keeps of an object: JSON that begins with apiVersion, kind and metadata, without the revision. */
export function encodeValue(object: KubeObject): Buffer {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { resourceVersion: _, ...kept } = metadata;
  return bufferOf({ apiVersion, kind, metadata: kept, ...rest });
}

function withRevision(object: KubeObject, revision: number): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object;
  const { resourceVersion: _, ...kept } = metadata;
  // A dry run that creates has no revision.
  const stamped = revision === 0 ? kept : { ...kept, resourceVersion: String(revision) };
  return deepFreeze({ apiVersion, kind, metadata: stamped, ...rest });
}

const opening = /^\{"apiVersion":"[^"\\]*","kind":"[^"\\]*","metadata":\{/;

function spliceRevision(value: Buffer, revision: number): Buffer {
  const head = opening.exec(value.toString('latin1', 0, 400))?.[0].length;
  // Written by somebody else, in another order.
  if (head === undefined) return bufferOf(withRevision(JSON.parse(value.toString()) as KubeObject, revision));
  if (revision === 0) return value;
  const comma = value[head] === 0x7d ? '' : ','; // `}`: no other metadata
  const part = Buffer.from(`"resourceVersion":"${revision}"${comma}`);
  return Buffer.concat([value.subarray(0, head), part, value.subarray(head)]);
}

function bufferOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** The object of a BOOKMARK event: a kind and a revision. */
export function bookmarkAt(
  revision: number,
  { apiVersion, kindName }: { apiVersion: string; kindName: string },
  annotations?: Record<string, string>,
): StoredObject {
  const metadata = { ...(annotations && { annotations }) };
  return new StoredObject(revision, undefined, { apiVersion, kind: kindName, metadata });
}
