import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileTree } from './file-tree.ts';

const home = '/usr/lib/toolbox';

/** Other names of tools, as `main.mjs` knows them. */
const aliases = ['[', 'wget', 'curl', 'nslookup', 'nc', 'toolbox'];

/** The toolbox: small programs in JavaScript, each a link in /bin to one that starts them all. */
export async function toolboxTree(folder = sourceFolder()): Promise<FileTree> {
  const tree = new FileTree();
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files) {
    if (!file.isFile() || !file.name.endsWith('.mjs')) continue;
    const source = join(file.parentPath, file.name);
    const path = join(home, relative(folder, source));
    const content = await readFile(source, 'utf8');
    tree.add(path, { type: 'text', content, mode: file.name === 'main.mjs' ? 0o755 : 0o644 });
  }
  const tools = files
    .filter(({ parentPath }) => parentPath.endsWith('/tools'))
    .map(({ name }) => name.replace(/\.mjs$/, ''));
  for (const tool of [...tools, ...aliases]) tree.add(`/bin/${tool}`, { type: 'symlink', target: `${home}/main.mjs` });
  return tree;
}

/** The tools lie beside this file in the sources; a bundle finds them in the sources that it is shipped with. */
function sourceFolder(): string {
  const places = [
    './toolbox',
    '../src/container-runtime/own-images/toolbox',
    '../../src/container-runtime/own-images/toolbox',
  ];
  const found = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((place) => existsSync(place));
  if (!found) throw new Error('the tools of kedge.local/toolbox are missing from this installation');
  return found;
}
