import { encodeKube, type Resource, type Status } from '#machinery';
import { mediaTypes, type Format } from '../http/negotiate.ts';
import type { Stored, WatchItem } from '../registry/rest.ts';
import { partialOf } from './partial.ts';
import { encodeObjectProtobuf, rawProtobuf } from './protobuf.ts';
import { lengthDelimited, stringField } from './protobuf-writer.ts';
import { tableOfObject, type IncludeObject } from './table.ts';

/** The Content-Type of a watch in this format (`endpoints/handlers/watch.go`). */
export function watchContentType({ encoding }: Format): string {
  return encoding === 'json' ? mediaTypes.json : `${mediaTypes[encoding]};stream=watch`;
}

/** Frames that were made for an event already, by format: a thousand watchers share one encoding. */
const frames = new WeakMap<WatchItem, Map<string, Buffer>>();
/** The last frame that was asked for: the watchers of an event ask one after another. */
let last: { item: WatchItem; format: string; frame: Buffer } | undefined;

/** Makes the frames of one watch. */
export class WatchFrames {
  readonly #resource: Resource;
  readonly #format: Format;
  readonly #formatId: string;
  readonly #include: IncludeObject;
  readonly #nowMs: () => number;
  /** Column definitions go out with the first event only. */
  #definitions = true;

  constructor(options: { resource: Resource; format: Format; include: IncludeObject; nowMs: () => number }) {
    this.#resource = options.resource;
    this.#format = options.format;
    const { encoding, transform = '', version = '' } = options.format;
    this.#formatId = `${encoding} ${transform} ${version}`;
    this.#include = options.include;
    this.#nowMs = options.nowMs;
  }

  event(item: WatchItem): Buffer {
    // A table shows ages, which are true only now.
    if (this.#format.transform === 'Table') return this.#frame(item.type, item.stored);
    if (last?.item !== item || last.format !== this.#formatId) {
      last = { item, format: this.#formatId, frame: this.#shared(item) };
    }
    return last.frame;
  }

  /** The frames of many events, which are not kept for others: most watches begin alone. */
  all(items: readonly WatchItem[]): Buffer[] {
    return items.map(({ type, stored }) => this.#frame(type, stored));
  }

  /** The ERROR event that ends a watch. */
  error(status: Status): Buffer {
    if (this.#format.encoding === 'protobuf') return protobufFrame('ERROR', encodeObjectProtobuf(status));
    return jsonFrame('ERROR', Buffer.from(JSON.stringify(status)));
  }

  #shared(item: WatchItem): Buffer {
    const known = frames.get(item) ?? new Map<string, Buffer>();
    let frame = known.get(this.#formatId);
    if (!frame) {
      frame = this.#frame(item.type, item.stored);
      frames.set(item, known.set(this.#formatId, frame));
    }
    return frame;
  }

  #frame(type: WatchItem['type'], stored: Stored): Buffer {
    const { encoding, transform, version = 'v1' } = this.#format;
    if (transform === 'Table') return this.#table(type, stored);
    const partial = transform === 'PartialObjectMetadata' ? partialOf(stored.object, version) : undefined;
    if (encoding === 'protobuf') {
      const { apiVersion, kindName: kind, kind: message } = this.#resource;
      const object = partial
        ? encodeObjectProtobuf(partial)
        : encodeKube({ apiVersion, kind }, rawProtobuf(message, stored));
      return protobufFrame(type, object);
    }
    return jsonFrame(type, partial ? Buffer.from(JSON.stringify(partial)) : stored.json);
  }

  #table(type: WatchItem['type'], stored: Stored): Buffer {
    const options = { version: this.#format.version ?? 'v1', include: this.#include, nowMs: this.#nowMs() };
    const table = tableOfObject(this.#resource, stored, options, this.#definitions);
    this.#definitions = false;
    return jsonFrame(type, Buffer.from(JSON.stringify(table)));
  }
}

const end = Buffer.from('}\n');

/** `{"type":"ADDED","object":...}` and a line end: a few bytes around the object's own. */
function jsonFrame(type: string, object: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), object, end]);
}

/** A WatchEvent message behind its length in four bytes, big end first (`apimachinery/pkg/util/framer`). */
function protobufFrame(type: string, object: Uint8Array): Buffer {
  const raw = Buffer.concat(lengthDelimited(1, object));
  const event = Buffer.concat([stringField(1, type), ...lengthDelimited(2, raw)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}
