import assert from 'node:assert/strict';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unpackLayer } from '../images/unpack-layer.ts';
import { FileTree } from './file-tree.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root: the files of a layer belong to root';

/** Every path below a folder, with its mode and what it holds. */
async function listing(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const status = await lstat(path);
      const mode = (status.mode & 0o7777).toString(8);
      if (status.isSymbolicLink()) return `${name} -> ${await readlink(path)}`;
      return status.isDirectory() ? `${name}/ ${mode}` : `${name} ${mode} ${await readFile(path, 'utf8')}`;
    }),
  );
}

test('a tree that is placed looks as its archive unpacked, and shares the files it can', { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kedge-tree-'));
  try {
    const source = join(folder, 'program');
    await writeFile(source, 'a program', { mode: 0o755 });
    const tree = new FileTree();
    tree.add('/usr/bin/program', { type: 'file', source });
    tree.add('/etc/read-only', { type: 'file', source, mode: 0o444 });
    tree.add('/etc/text', { type: 'text', content: 'Grüße' });
    tree.add('/bin/other', { type: 'symlink', target: '/usr/bin/program' });
    tree.add('/tmp', { type: 'directory', mode: 0o1777 });
    const [placed, unpacked] = [join(folder, 'placed'), join(folder, 'unpacked')];
    for (const root of [placed, unpacked]) await mkdir(root);
    const facts = await tree.place(placed);
    const expected = await unpackLayer(tree.archive(), unpacked);
    assert.deepEqual(await listing(placed), await listing(unpacked));
    assert.deepEqual(facts, expected);
    const inode = async (path: string): Promise<number> => (await stat(path)).ino;
    assert.equal(await inode(join(placed, 'usr/bin/program')), await inode(source));
    assert.notEqual(await inode(join(placed, 'etc/read-only')), await inode(source), 'the mode is another');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
