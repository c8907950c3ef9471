import { createReadStream } from 'node:fs';
import { lstat, chmod, lchown, lutimes, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { hasCode, KeyedMutex } from '#base';
import { Verifier } from './digest.ts';
import { unpackLayer } from './unpack-layer.ts';

/** An unpacked layer: the name of its folder, which stands for the chain of layers up to it. */
export type LayerId = string;

/** Beside a layer's folder, written before it: what it takes. */
export interface LayerFacts {
  chainId: string;
  bytes: number;
  entries: number;
}

/** Names are short because all layers of an image must fit into the one page that mount(2) takes as options. */
export function layerIdOf(chainId: string): LayerId {
  return chainId.slice(chainId.indexOf(':') + 1).slice(0, 24);
}

let temporaryNumber = 0;

/**
 * Unpacked layers, each a folder that overlayfs takes as a lower one. As with blobs, a layer is seen when it is whole:
 * it is unpacked beside its place and renamed into it. What an archive leaves open (folders it only implies) is taken
 * from the layers below, so a layer's name stands for all that is under it.
 */
export class LayerStore {
  readonly directory: string;
  readonly #ingest: string;
  readonly #mutex = new KeyedMutex();

  constructor(directory: string) {
    this.directory = join(directory, 'layers');
    this.#ingest = join(directory, 'ingest');
  }

  path(layer: LayerId): string {
    return join(this.directory, layer);
  }

  async has(layer: LayerId): Promise<boolean> {
    return (await lstat(this.path(layer)).catch(() => undefined)) !== undefined;
  }

  async facts(layer: LayerId): Promise<LayerFacts> {
    return JSON.parse(await readFile(`${this.path(layer)}.json`, 'utf8')) as LayerFacts; // written by #place alone
  }

  /** Makes the layer from its archive (plain, gzip or zstd) unless it is here; throws `DigestError` when the archive is another. */
  async unpack(layer: { chainId: string; diffId: string; below: readonly LayerId[] }, blob: string): Promise<LayerId> {
    return this.make(layer.chainId, layer.below, async (root) => {
      const verifier = new Verifier(layer.diffId);
      const { readable, done } = await decompress(blob);
      try {
        const unpacked = await unpackLayer(verified(readable, verifier), root);
        verifier.verify();
        return unpacked;
      } finally {
        done();
      }
    });
  }

  /** Makes a layer with whatever `fill` puts into its folder, unless it is here. */
  async make(
    chainId: string,
    below: readonly LayerId[],
    fill: (root: string) => Promise<{ bytes: number; entries: number; implicit: ReadonlySet<string> }>,
  ): Promise<LayerId> {
    const layer = layerIdOf(chainId);
    return this.#mutex.run(layer, async () => {
      if (await this.has(layer)) return layer;
      const temporary = join(this.#ingest, `layer-${process.pid}-${temporaryNumber++}`);
      try {
        await mkdir(temporary, { recursive: true, mode: 0o755 });
        const { bytes, entries, implicit } = await fill(temporary);
        for (const path of implicit) await this.#inherit(temporary, path, below);
        await this.#place(layer, temporary, { chainId, bytes, entries });
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
      return layer;
    });
  }

  async #place(layer: LayerId, temporary: string, facts: LayerFacts): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    await writeFile(`${this.path(layer)}.json`, JSON.stringify(facts));
    try {
      await rename(temporary, this.path(layer));
    } catch (error) {
      if (!hasCode(error, 'EEXIST', 'ENOTEMPTY')) throw error; // another process was first
    }
  }

  /** A folder that only stands for a path takes mode, owner and time of the one it covers. */
  async #inherit(root: string, path: string, below: readonly LayerId[]): Promise<void> {
    for (const layer of below.toReversed()) {
      const status = await lstat(join(this.path(layer), path)).catch(() => undefined);
      if (!status?.isDirectory()) continue;
      const own = join(root, path);
      await lchown(own, status.uid, status.gid);
      await chmod(own, status.mode & 0o7777);
      await lutimes(own, status.mtime, status.mtime);
      return;
    }
  }

  async list(): Promise<LayerId[]> {
    const names = await readdir(this.directory).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    return names.filter((name) => !name.endsWith('.json') && !name.endsWith('.gone'));
  }

  /** Removes a layer: first from sight, then from the disk. */
  async remove(layer: LayerId): Promise<void> {
    const gone = `${this.path(layer)}.gone`;
    await rename(this.path(layer), gone).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    await rm(`${this.path(layer)}.json`, { force: true });
    await rm(gone, { recursive: true, force: true });
  }
}

async function* verified(source: AsyncIterable<Buffer>, verifier: Verifier): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    verifier.update(chunk);
    yield chunk;
  }
}

/** The archive in a blob, whatever compresses it: told by its first bytes, since media types are not always right. */
async function decompress(path: string): Promise<{ readable: Readable; done: () => void }> {
  const magic = await firstBytes(path);
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const decoder = magic.startsWith('1f8b') ? createGunzip() : magic === '28b52ffd' ? createZstdDecompress() : undefined;
  if (!decoder) return { readable: file, done: () => file.destroy() };
  file.on('error', (error) => decoder.destroy(error));
  const done = (): void => {
    file.destroy();
    decoder.destroy();
  };
  return { readable: file.pipe(decoder), done };
}

async function firstBytes(path: string): Promise<string> {
  for await (const chunk of createReadStream(path, { end: 3 }) as AsyncIterable<Buffer>) return chunk.toString('hex');
  return '';
}
