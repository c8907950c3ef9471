import assert from 'node:assert/strict';
import { lstat, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { silentLogger } from '#base';
import { configOf, dockerArchive, sha256, tarOf, type TestFile } from '../testing/test-image.ts';
import { ImageStore } from './image-store.ts';

const skip = process.getuid?.() === 0 ? false : 'needs root: layers keep their owners and devices';

async function withStore(work: (store: ImageStore) => Promise<void>): Promise<void> {
  const images = await mkdtemp(join(tmpdir(), 'kedge-images-'));
  try {
    await work(new ImageStore({ directory: images, log: silentLogger }));
  } finally {
    await rm(images, { recursive: true, force: true });
  }
}

test('an archive of docker save is loaded, listed and removed without a trace', { skip }, () =>
  withStore(async (store) => {
    const layer = await tarOf([
      { name: 'etc/', type: 'directory' },
      { name: 'etc/hello', content: 'hi', uid: 7, mode: 0o640 },
    ]);
    assert.deepEqual(await store.loadArchive(await dockerArchive('hello:1', [layer])), ['docker.io/library/hello:1']);
    const image = (await store.find('hello:1'))!;
    assert.equal(image.bytes, 2);
    const file = join(store.layers.path(image.layers[0]!), 'etc/hello');
    const status = await lstat(file);
    assert.equal(await readFile(file, 'utf8'), 'hi');
    assert.deepEqual([status.uid, status.mode & 0o777, status.mtimeMs], [7, 0o640, 0]);
    assert.equal((await store.find(image.id.slice(7, 20)))?.id, image.id);
    assert.equal(await store.remove('hello:1'), true);
    assert.equal(await store.remove('hello:1'), false);
    assert.deepEqual(await store.layers.list(), []);
    assert.deepEqual(await store.content.list(), []);
    assert.deepEqual(await readdir(join(store.images, 'ingest')), []);
  }),
);

test('a name is taken from an image that has another; the last one takes the image with it', { skip }, () =>
  withStore(async (store) => {
    const layer = await tarOf([{ name: 'a', content: 'x' }]);
    for (const tag of ['hello:1', 'hello:2']) await store.loadArchive(await dockerArchive(tag, [layer]));
    assert.equal(await store.untag('hello:1'), true);
    assert.equal(await store.untag('hello:1'), false);
    assert.deepEqual((await store.find('hello:2'))?.names, ['docker.io/library/hello:2']);
    assert.equal(await store.untag('hello:2'), true);
    assert.deepEqual(await store.layers.list(), []);
  }),
);

test('an OCI layout with an index of platforms and a gzip layer is loaded', { skip }, () =>
  withStore(async (store) => {
    const layer = await tarOf([{ name: 'a', content: 'x' }]);
    const packed = gzipSync(layer);
    const config = JSON.stringify(configOf([layer]));
    const manifest = JSON.stringify({
      schemaVersion: 2,
      config: { digest: sha256(config), size: config.length, mediaType: 'application/vnd.oci.image.config.v1+json' },
      layers: [
        { digest: sha256(packed), size: packed.length, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' },
      ],
    });
    const architecture = configOf([]).architecture;
    const list = JSON.stringify({
      schemaVersion: 2,
      manifests: [
        { digest: sha256('other'), size: 5, platform: { os: 'linux', architecture: 's390x' } },
        { digest: sha256(manifest), size: manifest.length, platform: { os: 'linux', architecture } },
      ],
    });
    const index = JSON.stringify({
      schemaVersion: 2,
      manifests: [
        { digest: sha256(list), size: list.length, annotations: { 'io.containerd.image.name': 'localhost/x/y:2' } },
      ],
    });
    const blob = (content: string | Buffer): TestFile => ({
      name: `blobs/sha256/${sha256(content).slice(7)}`,
      content,
    });
    const archive = await tarOf([
      { name: 'oci-layout', content: '{}' },
      { name: 'index.json', content: index },
      ...[list, manifest, config, packed].map(blob),
    ]);
    assert.deepEqual(await store.loadArchive(Readable.from([gzipSync(archive)])), ['localhost/x/y:2']);
    assert.equal((await store.find('localhost/x/y:2'))?.manifest, sha256(manifest));
  }),
);

test('an archive that is none, and a layer that is not what its configuration says, are refused', { skip }, () =>
  withStore(async (store) => {
    await assert.rejects(store.loadArchive(Readable.from([await tarOf([{ name: 'a' }])])), /no image archive/);
    await assert.rejects(store.loadArchive(Readable.from(['garbage'])), Error);
    const layer = await tarOf([{ name: 'a', content: 'x' }]);
    const archive = await tarOf([
      { name: 'c', content: JSON.stringify(configOf([Buffer.from('another')])) },
      { name: 'l', content: layer },
      { name: 'manifest.json', content: JSON.stringify([{ Config: 'c', RepoTags: ['a:b'], Layers: ['l'] }]) },
    ]);
    await assert.rejects(store.loadArchive(Readable.from([archive])), /unexpected digest/);
    assert.deepEqual(await store.list(), []);
    assert.deepEqual(await store.layers.list(), []);
  }),
);

test('layers: whiteouts, opaque folders, links; and no path leaves the layer', { skip }, () =>
  withStore(async (store) => {
    const below = await tarOf([
      { name: 'd/', type: 'directory', mode: 0o700, uid: 5, gid: 6 },
      { name: 'd/gone', content: '1' },
      { name: 'lib', type: 'symlink', linkname: 'usr/lib' },
    ]);
    const outside = '../../../../../../../../../../../../tmp/kedge-escape';
    const above = await tarOf([
      { name: 'd/.wh.gone' },
      { name: 'd/new', content: '2' },
      { name: 'o/', type: 'directory' },
      { name: 'o/.wh..wh..opq' },
      { name: 'hard', type: 'link', linkname: 'd/new' },
      { name: 'absolute', type: 'symlink', linkname: '/tmp' },
      { name: 'absolute/kedge-escape', content: 'inside' },
      { name: outside, content: 'inside too' },
      { name: 'up', type: 'symlink', linkname: '../../../../../..' },
      { name: 'up/deep/file', content: '3' },
      { name: 'hostfile', type: 'link', linkname: outside },
      { name: 'null', type: 'character-device', devmajor: 1, devminor: 3, mode: 0o666 },
      { name: 'pipe', type: 'fifo' },
      { name: 'suid', mode: 0o4755, uid: 1 },
    ]);
    await store.loadArchive(await dockerArchive('layers:1', [below, above]));
    const image = (await store.find('layers:1'))!;
    const root = store.layers.path(image.layers[1]!);
    const gone = await lstat(join(root, 'd/gone'));
    assert.ok(gone.isCharacterDevice() && gone.rdev === 0);
    const folder = await lstat(join(root, 'd'));
    assert.deepEqual([folder.mode & 0o777, folder.uid, folder.gid], [0o700, 5, 6], 'a folder only implied is as below');
    assert.equal((await lstat(join(root, 'hard'))).ino, (await lstat(join(root, 'd/new'))).ino);
    assert.equal(await readlink(join(root, 'absolute')), '/tmp');
    await assert.rejects(lstat('/tmp/kedge-escape'));
    assert.equal(await readFile(join(root, 'tmp/kedge-escape'), 'utf8'), 'inside too');
    assert.equal(await readFile(join(root, 'hostfile'), 'utf8'), 'inside too');
    assert.equal(await readFile(join(root, 'deep/file'), 'utf8'), '3');
    assert.equal((await lstat(join(root, 'null'))).rdev, (await lstat('/dev/null')).rdev);
    assert.ok((await lstat(join(root, 'pipe'))).isFIFO());
    assert.equal((await lstat(join(root, 'suid'))).mode & 0o7777, 0o4755);
  }),
);
