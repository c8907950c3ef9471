/**
 * The walls of the house, held by a test: who may import whom, only by the door, and no circles.
 * The table is that of ARCHITECTURE.md; changing it is changing the house.
 */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const rooms: Record<string, readonly string[]> = {
  base: [],
  wire: ['base'],
  machinery: ['base'],
  api: ['machinery'],
  etcd: ['base', 'wire'],
  client: ['base', 'wire', 'machinery', 'api'],
  apiserver: ['base', 'wire', 'machinery', 'api', 'etcd', 'client'],
  'controller-manager': ['base', 'machinery', 'api', 'client'],
  scheduler: ['base', 'machinery', 'api', 'client'],
  cri: ['base', 'wire'],
  'container-runtime': ['base', 'wire', 'cri'],
  kubelet: ['base', 'wire', 'machinery', 'api', 'client', 'cri'],
  'kube-proxy': ['base', 'machinery', 'api', 'client'],
  'cluster-dns': ['base', 'machinery', 'api', 'client'],
  cluster:
    'base wire machinery api etcd client apiserver controller-manager scheduler cri container-runtime kubelet kube-proxy cluster-dns'.split(
      ' ',
    ),
  cli: ['base', 'cluster'],
};

const src = dirname(fileURLToPath(import.meta.url));

interface Import {
  file: string;
  room: string;
  from: string;
}

async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(src, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function imports(): Promise<Import[]> {
  const files = (await sourceFiles()).filter((file) => dirname(file) !== src);
  const lists = await Promise.all(files.map(async (file) => importsOf(file, await readFile(file, 'utf8'))));
  return lists.flat();
}

function importsOf(file: string, text: string): Import[] {
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import\s+'([^']+)'/gm,
  );
  return [...found].map((match) => ({
    file: relative(src, file),
    room: roomOf(file),
    from: match[1] ?? match[2] ?? match[3] ?? '',
  }));
}

function roomOf(file: string): string {
  return relative(src, file).split('/')[0] ?? '';
}

test('every folder is a room of the table, with a door that tells its story', async () => {
  const folders = (await readdir(src, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  for (const folder of folders) {
    assert.ok(folder in rooms, `src/${folder} is not a room of the table`);
    const door = folder === 'cli' ? 'main.ts' : 'index.ts';
    const text = await readFile(join(src, folder, door), 'utf8');
    assert.match(text, /^(#!.*\n)?\/\*\*/, `src/${folder}/${door} opens with the story of its room`);
  }
});

test('rooms import each other by the door, and only those that the table allows', async () => {
  const wrong = (await imports()).filter(({ file, room, from }) => {
    if (from.startsWith('#')) return !rooms[room]?.includes(from.slice(1));
    if (from === '../../package.json') return false; // what Kedge is called, and its version
    return from.startsWith('.') && roomOf(resolve(src, dirname(file), from)) !== room;
  });
  assert.deepEqual(wrong, [], 'imports past a wall');
});

test('the table has no circles', () => {
  const order = Object.keys(rooms);
  for (const [room, allowed] of Object.entries(rooms)) {
    for (const other of allowed) assert.ok(order.indexOf(other) < order.indexOf(room), `${room} stands above ${other}`);
  }
});
