import { lstatSync, mkdirSync, readlinkSync, rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { hasCode } from '#base';

const maxLinks = 255;

/**
 * The folder that a layer is unpacked into. Whatever names and symbolic links an archive brings, every path that comes
 * out of here lies below the folder and has no link among its parents.
 */
export class LayerTree {
  readonly root: string;
  /** Parents known to be real folders, so that a thousand files of a folder cost one walk. */
  #known = new Set<string>();
  /** Folders that the archive did not name, by path in the layer: their mode and owner are those of the layers below. */
  readonly implicit = new Set<string>();

  constructor(root: string) {
    this.root = root;
  }

  /** Where an entry lies: its name with `..` and links resolved inside the tree; parents are made. The last name is not followed. */
  place(name: string): string {
    const clean = posix.join('/', name);
    if (clean === '/') return this.root;
    const parent = this.#folder(posix.dirname(clean), 0);
    return join(this.root, parent, posix.basename(clean));
  }

  /** Forgets what is known of folders: something that is none took the place of one. */
  forget(): void {
    this.#known.clear();
  }

  /** The path of an entry as the layer knows it. */
  relative(path: string): string {
    return path.slice(this.root.length) || '/';
  }

  /** Resolves a folder, making what is missing; returns its path in the tree without any link in it. */
  #folder(path: string, links: number): string {
    if (path === '/' || this.#known.has(path)) return path;
    if (links > maxLinks) throw new Error(`too many symbolic links in the path of ${path}`);
    const parent = this.#folder(posix.dirname(path), links);
    const here = posix.join(parent, posix.basename(path));
    const link = this.#look(join(this.root, here));
    if (link !== undefined) return this.#folder(posix.resolve('/', parent, link), links + 1);
    if (here === path) this.#known.add(path);
    return here;
  }

  /** Makes sure of a folder; returns the target when a link is in its place. */
  #look(path: string): string | undefined {
    try {
      const status = lstatSync(path);
      if (status.isSymbolicLink()) return readlinkSync(path);
      if (status.isDirectory()) return undefined;
      rmSync(path, { force: true }); // a file or a whiteout that a folder replaces
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
    mkdirSync(path, { mode: 0o755 });
    this.implicit.add(this.relative(path));
    return undefined;
  }
}
