import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';

/** One entry of a tar archive; what is not read of its content is skipped. */
export interface TarEntry {
  header: Omit<Header, 'pax'> & { pax?: Readonly<Record<string, string>> | null };
  content: AsyncIterable<Buffer>;
}

/** The entries of a tar archive, in its order. Throws what the source throws, or that the archive is damaged. */
export async function* tarEntries(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const entries = extract();
  // tar-stream's streams are not Node's, but near enough for Node to pipe into
  const feeding = pipeline(Readable.from(archive), entries as unknown as Writable);
  feeding.catch(() => {}); // awaited below
  try {
    for await (const entry of entries) {
      yield { header: entry.header as TarEntry['header'], content: entry as unknown as AsyncIterable<Buffer> };
      entry.resume();
    }
  } catch (error) {
    await feeding; // what broke the source says more than the iteration that broke with it
    throw error;
  }
  await feeding;
}
