import { Http2Error } from './errors.ts';
import { contentOf, flags, frameTypes, type Frame } from './frames.ts';
import { HpackDecoder, maxHeaderListBytes, type Headers } from './hpack-decoder.ts';

/** What a frame counts for beside its bytes: also a block of frames of nothing comes to an end. */
const frameBytes = 64;

/** The headers with which a stream begins, or trailers of one. */
export interface HeaderBlock {
  streamId: number;
  /** Nothing follows them. */
  ended: boolean;
  headers: Headers;
}

/** Puts the header blocks of a connection together from their frames, and decodes them. */
export class HeaderBlocks {
  readonly #hpack = new HpackDecoder();
  /** A block whose end is still to come. */
  #open: { streamId: number; ended: boolean; parts: Buffer[]; bytes: number } | undefined;

  /** Throws `Http2Error` when a frame comes between those of a block. */
  check({ type, streamId }: Frame): void {
    if (this.#open && (type !== frameTypes.CONTINUATION || streamId !== this.#open.streamId))
      throw new Http2Error('PROTOCOL_ERROR', 'a block of headers was broken off');
  }

  /** Takes a HEADERS frame; returns the block when it is whole. */
  begin(frame: Frame): HeaderBlock | undefined {
    const { streamId, flags: set } = frame;
    if (streamId % 2 === 0) throw new Http2Error('PROTOCOL_ERROR', 'clients have odd streams');
    const content = contentOf(frame, set & flags.PRIORITY ? 5 : 0);
    this.#open = { streamId, ended: (set & flags.END_STREAM) !== 0, parts: [content], bytes: content.length };
    return this.#endedBy(frame);
  }

  /** Takes a CONTINUATION frame; returns the block when it is whole. */
  continue(frame: Frame): HeaderBlock | undefined {
    const block = this.#open;
    if (!block) throw new Http2Error('PROTOCOL_ERROR', 'there is nothing to continue');
    block.parts.push(frame.payload);
    block.bytes += frame.payload.length + frameBytes;
    if (block.bytes > maxHeaderListBytes) throw new Http2Error('ENHANCE_YOUR_CALM', 'the headers are too large');
    return this.#endedBy(frame);
  }

  #endedBy({ flags: set }: Frame): HeaderBlock | undefined {
    const block = this.#open;
    if (!block || !(set & flags.END_HEADERS)) return undefined;
    this.#open = undefined;
    const { streamId, ended, parts } = block;
    const [first] = parts;
    const headers = this.#hpack.decode(parts.length === 1 && first ? first : Buffer.concat(parts));
    return { streamId, ended, headers };
  }
}
