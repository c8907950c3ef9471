import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Readable } from 'node:stream';
import { mount, unmount } from '../native/libc.ts';
import { unpackLayer } from '../images/unpack-layer.ts';
import { tarOf, type TestFile } from '../testing/test-image.ts';
import { copyLayers } from './copy-layers.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root: deletions are devices, folders are mounted';

const layers: TestFile[][] = [
  [
    { name: 'a/', type: 'directory' },
    { name: 'a/one', content: '1' },
    { name: 'a/two', content: '2' },
    { name: 'b/', type: 'directory' },
    { name: 'b/old', content: 'old' },
    { name: 'c', content: 'a file' },
  ],
  [
    { name: 'a/.wh.one' },
    { name: 'b/', type: 'directory' },
    { name: 'b/.wh..wh..opq' },
    { name: 'b/new', content: 'new' },
    { name: '.wh.c' },
    { name: 'c/', type: 'directory' },
    { name: 'c/d', content: 'in a folder' },
  ],
];

async function tree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return `${path.slice(folder.length)} ${entry.isFile() ? await readFile(path, 'utf8') : 'folder'}`;
  });
  return (await Promise.all(lines)).sort();
}

test('layers that are copied look as layers that are mounted', { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kedge-copy-'));
  const at = (...names: string[]): string => join(folder, ...names);
  try {
    for (const name of ['0', '1', 'copy', 'mounted', 'upper', 'work']) await mkdir(at(name));
    for (const [index, files] of layers.entries())
      await unpackLayer(Readable.from([await tarOf(files)]), at(String(index)));
    await copyLayers([at('0'), at('1')], at('copy'));
    mount(
      'overlay',
      at('mounted'),
      'overlay',
      0,
      `lowerdir=${at('1')}:${at('0')},upperdir=${at('upper')},workdir=${at('work')}`,
    );
    const copied = await tree(at('copy'));
    assert.deepEqual(copied, await tree(at('mounted')));
    assert.deepEqual(copied, ['/a folder', '/a/two 2', '/b folder', '/b/new new', '/c folder', '/c/d in a folder']);
  } finally {
    unmount(at('mounted'));
    await rm(folder, { recursive: true, force: true });
  }
});
