import type { Writable } from 'node:stream';

/** Ends the stream. Resolves when all that was written has left, or the stream is over. */
export function end(stream: Writable): Promise<void> {
  const left = whenEnded(stream);
  stream.end();
  return left;
}

/** Resolves when someone has ended the stream and all has left, or the stream is over. */
export function whenEnded(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableFinished) resolve();
    stream.once('finish', resolve);
    stream.once('close', resolve);
  });
}
