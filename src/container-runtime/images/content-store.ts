import { open, readFile, rename, rm, stat, mkdir, readdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '#base';
import { Verifier } from './digest.ts';

let ingestNumber = 0;

/**
 * Content by digest, shared by all node processes of a machine. A blob is written beside its place and renamed into it
 * when its digest has been verified, so that whoever sees a blob sees all of it; two processes that write the same blob
 * at once do work twice and no harm.
 */
export class ContentStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  path(digest: string): string {
    const [algorithm = '', hex = ''] = digest.split(':');
    return join(this.#directory, 'blobs', algorithm, hex);
  }

  async has(digest: string): Promise<boolean> {
    return (await this.size(digest)) !== undefined;
  }

  /** The size of a blob in bytes; undefined when it is not here. */
  async size(digest: string): Promise<number | undefined> {
    try {
      return (await stat(this.path(digest))).size;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  read(digest: string): Promise<Buffer> {
    return readFile(this.path(digest));
  }

  /** Begins a blob; nothing of it is seen before `commit`. */
  async begin(digest: string): Promise<Ingest> {
    const temporary = join(this.#directory, 'ingest', `${process.pid}-${ingestNumber++}`);
    await mkdir(dirname(temporary), { recursive: true });
    return new Ingest(digest, temporary, this.path(digest), await open(temporary, 'w'));
  }

  /** Writes a whole blob; throws `DigestError` when it is another. */
  async write(digest: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const ingest = await this.begin(digest);
    try {
      for await (const chunk of content) await ingest.write(chunk);
      await ingest.commit();
    } finally {
      await ingest.abort();
    }
  }

  async remove(digest: string): Promise<void> {
    await rm(this.path(digest), { force: true });
  }

  /** The digests of all blobs. */
  async list(): Promise<string[]> {
    const hexes = await readdir(join(this.#directory, 'blobs', 'sha256')).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    return hexes.map((hex) => `sha256:${hex}`);
  }
}

/** A blob on its way into the store. */
export class Ingest {
  readonly #digest: string;
  readonly #temporary: string;
  readonly #path: string;
  #file: FileHandle | undefined;
  #verifier: Verifier;

  constructor(digest: string, temporary: string, path: string, file: FileHandle) {
    this.#digest = digest;
    this.#temporary = temporary;
    this.#path = path;
    this.#file = file;
    this.#verifier = new Verifier(digest);
  }

  /** How many bytes have been written: where a broken download goes on. */
  get bytes(): number {
    return this.#verifier.bytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#verifier.update(chunk);
    for (let written = 0; written < chunk.length;) {
      const result = await this.#file?.write(chunk, written, chunk.length - written);
      written += result?.bytesWritten ?? chunk.length;
    }
  }

  /** Forgets what was written. */
  async restart(): Promise<void> {
    await this.#file?.close();
    this.#file = await open(this.#temporary, 'w');
    this.#verifier = new Verifier(this.#digest);
  }

  /** Puts the blob in its place; throws `DigestError` when it is not what it should be. */
  async commit(): Promise<void> {
    this.#verifier.verify();
    await this.#close();
    await mkdir(dirname(this.#path), { recursive: true });
    await rename(this.#temporary, this.#path);
  }

  /** Cleans up; does nothing after `commit`. */
  async abort(): Promise<void> {
    await this.#close();
    await rm(this.#temporary, { force: true });
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
