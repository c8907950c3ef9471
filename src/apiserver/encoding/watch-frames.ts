import { encodeKube, type Resource, type Status } from '#machinery';
import { joinPieces, pieceOf, type Piece } from '#wire';
import { mediaTypes, type Format } from '../http/negotiate.ts';
import type { Group } from '../http/channel.ts';
import type { Stored, WatchItem } from '../registry/rest.ts';
import { partialOf } from './partial.ts';
import { encodeObjectProtobuf, rawProtobuf } from './protobuf.ts';
import { lengthDelimited, stringField } from './protobuf-writer.ts';
import { tableOfObject, type IncludeObject } from './table.ts';

/** The Content-Type of a watch in this format (`endpoints/handlers/watch.go`). */
export function watchContentType({ encoding }: Format): string {
  return encoding === 'json' ? mediaTypes.json : `${mediaTypes[encoding]};stream=watch`;
}

/** The last frame that was asked for: the watchers of an event ask one after another. */
let last: { item: WatchItem; format: string; frame: Piece } | undefined;

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

  event(item: WatchItem): Piece {
    // A table shows ages, which are true only now.
    if (this.#format.transform === 'Table') return this.#frame(item.type, item.stored);
    if (last?.item !== item || last.format !== this.#formatId) {
      last = { item, format: this.#formatId, frame: this.#shared(item) };
    }
    return last.frame;
  }

  /**
   * The frames of many events, each in the pieces that it is put together of: they are not kept for others, since most
   * watches begin alone.
   */
  all(items: readonly WatchItem[]): readonly Group[] {
    return items.map(({ type, stored }) => this.#pieces(type, stored));
  }

  /** The ERROR event that ends a watch. */
  error(status: Status): Piece {
    if (this.#format.encoding === 'protobuf') return protobufFrame('ERROR', encodeObjectProtobuf(status));
    return whole(jsonPieces('ERROR', pieceOf(JSON.stringify(status))));
  }

  /** A thousand watchers share one encoding. It hangs on the event: a WeakMap of thousands makes V8's collections long. */
  #shared(item: WatchItem): Piece {
    item.frames ??= new Map();
    let frame = item.frames.get(this.#formatId);
    if (!frame) item.frames.set(this.#formatId, (frame = this.#frame(item.type, item.stored)));
    return frame;
  }

  #frame(type: WatchItem['type'], stored: Stored): Piece {
    return whole(this.#pieces(type, stored));
  }

  #pieces(type: WatchItem['type'], stored: Stored): Group {
    const { encoding, transform, version = 'v1' } = this.#format;
    if (transform === 'Table') return this.#table(type, stored);
    const partial = transform === 'PartialObjectMetadata' ? partialOf(stored.object, version) : undefined;
    if (encoding === 'protobuf') {
      const { apiVersion, kindName: kind, kind: message } = this.#resource;
      const object = partial
        ? encodeObjectProtobuf(partial)
        : encodeKube({ apiVersion, kind }, rawProtobuf(message, stored));
      return [protobufFrame(type, object)];
    }
    return jsonPieces(type, partial ? pieceOf(JSON.stringify(partial)) : stored.json);
  }

  #table(type: WatchItem['type'], stored: Stored): Group {
    const options = { version: this.#format.version ?? 'v1', include: this.#include, nowMs: this.#nowMs() };
    const table = tableOfObject(this.#resource, stored, options, this.#definitions);
    this.#definitions = false;
    return jsonPieces(type, pieceOf(JSON.stringify(table)));
  }
}

/** `{"type":"ADDED","object":...}` and a line end: a few bytes around the object's own. */
function jsonPieces(type: string, object: Piece): Group {
  return [`{"type":"${type}","object":`, object, '}\n'];
}

function whole(pieces: Group): Piece {
  return pieces.every((piece) => typeof piece === 'string') ? pieces.join('') : joinPieces(pieces);
}

/** A WatchEvent message behind its length in four bytes, big end first (`apimachinery/pkg/util/framer`). */
function protobufFrame(type: string, object: Uint8Array): Buffer {
  const raw = Buffer.concat(lengthDelimited(1, object));
  const event = Buffer.concat([stringField(1, type), ...lengthDelimited(2, raw)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}
