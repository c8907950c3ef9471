import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, type Logger } from '#base';
import type { LayerId, LayerStore } from '../images/layer-store.ts';
import { mount, unmount } from '../native/libc.ts';
import { copyLayers } from './copy-layers.ts';

export interface SnapshotterOptions {
  /** Where what containers write is kept. */
  directory: string;
  /** The node's folder of image references, whose `holds` tell the garbage collector of layers in use. */
  references: string;
  layers: LayerStore;
  log: Logger;
}

/** What mount(2) takes as options is one page, with its end. */
const maxOptions = 4095;

/**
 * The root file systems of containers: the layers of an image below, what the container writes above, put together by
 * overlayfs. Where the kernel has no overlayfs, or not on this file system, the layers are copied.
 */
export class Snapshotter {
  readonly #options: SnapshotterOptions;

  constructor(options: SnapshotterOptions) {
    this.#options = options;
  }

  /** Makes and mounts the root of a container at `target`. */
  async prepare(id: string, layers: readonly LayerId[], target: string): Promise<void> {
    const folder = this.#folder(id);
    await mkdir(join(this.#options.references, 'holds'), { recursive: true });
    await writeFile(this.#hold(id), JSON.stringify({ blobs: [], layers }));
    await Promise.all([
      mkdir(target, { recursive: true }),
      mkdir(join(folder, 'upper'), { recursive: true, mode: 0o755 }),
      mkdir(join(folder, 'work'), { recursive: true }),
    ]);
    await this.#mount(id, layers, target);
  }

  async #mount(id: string, layers: readonly LayerId[], target: string): Promise<void> {
    const folder = this.#folder(id);
    const empty = join(folder, 'empty');
    if (layers.length === 0) await mkdir(empty, { recursive: true });
    try {
      const lower =
        layers.length === 0 ? [empty] : layers.toReversed().map((layer) => this.#options.layers.path(layer));
      mountOverlay(lower, folder, target, this.#options.layers.directory);
    } catch (error) {
      if (!hasCode(error, 'ENODEV', 'EINVAL')) throw error;
      this.#options.log.warn({ error }, 'no overlayfs here: the layers are copied');
      const paths = layers.map((layer) => this.#options.layers.path(layer));
      await copyLayers(paths, target);
    }
  }

  /** Takes the root away and what the container wrote. */
  async remove(id: string, target: string): Promise<void> {
    unmount(target);
    await rm(this.#folder(id), { recursive: true, force: true });
    await rm(this.#hold(id), { force: true });
  }

  /** The folder whose size is what the container wrote. */
  upper(id: string): string {
    return join(this.#folder(id), 'upper');
  }

  #folder(id: string): string {
    return join(this.#options.directory, id);
  }

  #hold(id: string): string {
    return join(this.#options.references, 'holds', `${id}.json`);
  }
}

/** Mounts an overlay; where the paths of many layers do not fit, they are given relative to their folder. */
function mountOverlay(lower: readonly string[], folder: string, target: string, layersFolder: string): void {
  const above = `upperdir=${join(folder, 'upper')},workdir=${join(folder, 'work')}`;
  const options = `lowerdir=${lower.map(escape).join(':')},${above}`;
  if (options.length <= maxOptions) return mount('overlay', target, 'overlay', 0, options);
  const relative = lower.map((path) => path.slice(layersFolder.length + 1)).join(':');
  const before = process.cwd();
  process.chdir(layersFolder); // and back, before anything else can run
  try {
    mount('overlay', target, 'overlay', 0, `lowerdir=${relative},${above}`);
  } finally {
    process.chdir(before);
  }
}

/** Colons part the lower folders. */
function escape(path: string): string {
  return path.replaceAll(/[\\:,]/g, String.raw`\$&`);
}
