import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeAtomically, type Payload } from './atomic-writer.ts';

function payload(files: Record<string, string>, mode = 0o644): Payload {
  return new Map(Object.entries(files).map(([path, text]) => [path, { data: Buffer.from(text), mode }]));
}

async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kubelet-atomic-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function visible(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith('..')).sort();
}

test('files appear through ..data, change at once, and vanish', async () => {
  await withDirectory(async (directory) => {
    assert.equal(await writeAtomically(directory, payload({ a: '1', 'dir/b': '2' }), 0), true);
    assert.deepEqual(await visible(directory), ['a', 'dir']);
    assert.equal(await readlink(join(directory, 'a')), '..data/a');
    assert.equal(await readFile(join(directory, 'dir/b'), 'utf8'), '2');
    const first = await readlink(join(directory, '..data'));
    assert.match(first, /^\.\.1970_01_01_00_00_00\./);

    assert.equal(await writeAtomically(directory, payload({ a: '1', 'dir/b': '2' }), 1000), false);
    assert.equal(await readlink(join(directory, '..data')), first, 'nothing is written when nothing changed');

    assert.equal(await writeAtomically(directory, payload({ a: 'one', c: '3' }), 2000), true);
    assert.deepEqual(await visible(directory), ['a', 'c']);
    assert.equal(await readFile(join(directory, 'a'), 'utf8'), 'one');
    assert.ok(!(await readdir(directory)).includes(first), 'the old version is gone');
  });
});

test('modes are kept against the umask', async () => {
  await withDirectory(async (directory) => {
    await writeAtomically(directory, payload({ secret: 'x' }, 0o400), 0);
    assert.equal((await stat(join(directory, 'secret'))).mode & 0o777, 0o400);
  });
});

test('paths that leave the volume are refused', async () => {
  await withDirectory(async (directory) => {
    for (const path of ['/etc/passwd', '../x', 'a/../../x', '..data/x']) {
      await assert.rejects(writeAtomically(directory, payload({ [path]: '' }), 0), /invalid path/, path);
    }
  });
});
