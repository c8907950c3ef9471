import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { isCriError, PullImageRequest } from '#cri';
import { registerRoot } from '../images/hold.ts';
import { withContext } from '../testing/registry-context.ts';
import { startRegistry } from '../testing/registry.ts';
import { configOf, sha256, tarOf } from '../testing/test-image.ts';
import type { Context } from '../context.ts';
import { pullImage } from './pull-image.ts';

const isRoot = process.getuid?.() === 0;
const skip = isRoot ? false : 'needs root: layers keep their owners';
const skipRegistry = skip || (existsSync('/usr/bin/docker-registry') ? false : 'needs docker-registry');

const pull = (context: Context, image: string, auth = {}): Promise<string> =>
  pullImage(context, PullImageRequest.of({ image: { image }, auth }));

test(
  'an image is pulled from a registry: plain, gzip and zstd layers, tag and digest, index, and removed',
  { skip: skipRegistry },
  () =>
    withContext({}, async (context, folder) => {
      await using registry = await startRegistry(folder);
      const [a, b, c] = await Promise.all([
        tarOf([{ name: 'a', content: '1' }, { name: 'd/', type: 'directory' }, { name: 'd/x' }]),
        tarOf([{ name: 'b', content: '2' }]),
        tarOf([{ name: 'd/.wh.x' }]),
      ]);
      const digest = await registry.push('team/app', 'v1', {
        layers: [
          { plain: a, stored: a, mediaType: 'application/vnd.oci.image.layer.v1.tar' },
          { plain: b, stored: gzipSync(b), mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' },
          { plain: c, stored: zstdCompressSync(c), mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd' },
        ],
        config: { Cmd: ['/a'] },
      });
      const name = `${registry.host}/team/app`;
      const id = await pull(context, `${name}:v1`);
      const image = (await context.images.find(`${name}:v1`))!;
      assert.equal(image.id, id);
      assert.deepEqual(image.digests, [`${name}@${digest}`]);
      assert.equal(await readFile(join(context.images.layers.path(image.layers[1]!), 'b'), 'utf8'), '2');
      assert.ok((await lstat(join(context.images.layers.path(image.layers[2]!), 'd/x'))).isCharacterDevice());
      assert.equal(await pull(context, `${name}@${digest}`), id);
      assert.equal((await context.images.find(id))?.id, id);

      const index = {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: [
          {
            digest,
            size: 1,
            mediaType: 'application/vnd.oci.image.manifest.v1+json',
            platform: { os: 'linux', architecture: configOf([]).architecture },
          },
        ],
      };
      const { size } = await (
        await fetch(`http://${registry.host}/v2/team/app/manifests/${digest}`, { headers: { accept: '*/*' } })
      ).blob();
      index.manifests[0]!.size = size;
      await registry.pushManifest('team/app', 'multi', index);
      assert.equal(await pull(context, `${name}:multi`), id);

      await registerRoot(context.images.images, context.images.references);
      assert.equal(await context.images.remove(id), true);
      assert.deepEqual(await context.images.layers.list(), []);
      assert.deepEqual(await context.images.content.list(), []);

      const docker = await registry.push('old', 'x', {
        docker: true,
        layers: [{ plain: a, stored: gzipSync(a), mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip' }],
      });
      assert.ok(docker);
      await pull(context, `${registry.host}/old:x`);
      await assert.rejects(pull(context, `${name}:none`), (error) => {
        assert.ok(isCriError(error, 'NotFound'));
        assert.equal(
          error.message,
          `failed to pull and unpack image "${name}:none": failed to resolve reference "${name}:none": ${name}:none: not found`,
        );
        return true;
      });
    }),
);

test('a registry that is down, a name that is none, an image of this machine that is not there', { skip }, () =>
  withContext({}, async (context) => {
    await assert.rejects(pull(context, 'localhost:1/a:b'), /dial tcp localhost:1: connect: connection refused/);
    await assert.rejects(pull(context, 'UPPER/case'), /invalid reference format|failed/);
    await assert.rejects(pull(context, 'kedge.local/none'), (error) => isCriError(error, 'NotFound'));
  }),
);

interface FakeOptions {
  user?: string;
  scheme?: 'bearer' | 'basic';
  /** Cuts the connection after so many bytes of a layer, once. */
  cutAfter?: number;
  /** Serves other bytes than it should. */
  corrupt?: boolean;
  redirect?: boolean;
}

/** A registry in this process, with the moods of real ones. */
async function fakeRegistry(options: FakeOptions): Promise<{ host: string; requests: string[] } & AsyncDisposable> {
  const plain = await tarOf([{ name: 'file', content: 'x'.repeat(100_000) }]);
  const stored = gzipSync(plain, { level: 0 });
  const config = Buffer.from(JSON.stringify(configOf([plain])));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: { digest: sha256(config), size: config.length },
      layers: [{ digest: sha256(stored), size: stored.length }],
    }),
  );
  const blobs = new Map([config, stored].map((blob) => [sha256(blob), blob]));
  const requests: string[] = [];
  let cut = options.cutAfter;
  const credentials = `Basic ${Buffer.from(options.user ?? '').toString('base64')}`;
  const giveToken = (req: IncomingMessage, res: ServerResponse, url: URL): void => {
    if (options.user && req.headers.authorization !== credentials) return void res.writeHead(401).end();
    assert.equal(url.searchParams.get('scope'), 'repository:app:pull');
    res.end(JSON.stringify({ token: 'secret' }));
  };
  const refuse = (req: IncomingMessage, res: ServerResponse): void => {
    const bearer = `Bearer realm="http://${req.headers.host}/token",service="fake",scope="repository:app:pull"`;
    res.writeHead(401, { 'www-authenticate': options.scheme === 'bearer' ? bearer : 'Basic realm="fake"' }).end();
  };
  const giveBlob = (req: IncomingMessage, res: ServerResponse, blob: Buffer): void => {
    const from = Number(/bytes=(\d+)-/.exec(req.headers.range ?? '')?.[1] ?? 0);
    const body = options.corrupt && blob === stored ? Buffer.alloc(blob.length) : blob;
    res.writeHead(from ? 206 : 200, { 'content-length': body.length - from });
    if (cut === undefined || blob !== stored) return void res.end(body.subarray(from));
    res.write(body.subarray(from, from + cut), () => res.destroy());
    cut = undefined;
  };
  const server = createServer((req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url!, `http://${req.headers.host}`);
    requests.push(`${req.method} ${url.pathname} ${req.headers.range ?? ''}`.trim());
    if (url.pathname === '/token') return giveToken(req, res, url);
    const isElsewhere = url.pathname.startsWith('/elsewhere');
    if (isElsewhere) assert.equal(req.headers.authorization, undefined, 'credentials stay with the registry');
    const wanted = options.scheme === 'bearer' ? 'Bearer secret' : credentials;
    if (options.scheme && !isElsewhere && req.headers.authorization !== wanted) return refuse(req, res);
    if (url.pathname === '/v2/app/manifests/latest') return void res.end(manifest);
    const digest = url.pathname.split('/').at(-1)!;
    const blob = blobs.get(digest);
    if (!blob) return void res.writeHead(404).end();
    if (!options.redirect || isElsewhere) return giveBlob(req, res, blob);
    const location = `http://localhost:${(server.address() as AddressInfo).port}/elsewhere/${digest}`;
    res.writeHead(307, { location }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('tokens and passwords are given to who asks, and to nobody else', { skip }, () =>
  withContext({}, async (context) => {
    for (const scheme of ['bearer', 'basic'] as const) {
      await using registry = await fakeRegistry({ scheme, user: 'me:pass word', redirect: true });
      const image = `${registry.host}/app`;
      await assert.rejects(
        pull(context, image),
        scheme === 'bearer'
          ? /failed to authorize: failed to fetch anonymous token: unexpected status.*401/
          : /pull access denied/,
      );
      await assert.rejects(pull(context, image, { username: 'me', password: 'wrong' }), /401|denied/);
      assert.ok(await pull(context, image, { auth: Buffer.from('me:pass word').toString('base64') }));
      await context.images.remove(image);
    }
    await using registry = await fakeRegistry({ scheme: 'bearer' });
    assert.ok(await pull(context, `${registry.host}/app`), 'anonymous token');
  }),
);

test('a download that breaks off goes on where it broke', { skip }, () =>
  withContext({}, async (context) => {
    await using registry = await fakeRegistry({ cutAfter: 40_000 });
    await pull(context, `${registry.host}/app`);
    assert.ok(
      registry.requests.some((request) => /bytes=\d+-/.test(request)),
      registry.requests.join('\n'),
    );
  }),
);

test('content that is not what its digest says is refused and leaves nothing', { skip }, () =>
  withContext({}, async (context) => {
    await using registry = await fakeRegistry({ corrupt: true });
    await assert.rejects(pull(context, `${registry.host}/app`), /unexpected digest/);
    assert.deepEqual(await context.images.list(), []);
    assert.deepEqual(await context.images.layers.list(), []);
  }),
);

test('registries are reached through what dials; mirrors are asked first', { skip }, async () => {
  await using registry = await fakeRegistry({});
  const dialled: string[] = [];
  const dial = async (host: string, port: number) => {
    dialled.push(`${host}:${port}`);
    const socket = connect(Number(registry.host.split(':')[1]), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  await withContext({ dial, insecure: ['far.example'] }, async (context) => {
    await pull(context, 'far.example/app');
    assert.equal(dialled[0], 'far.example:80');
  });
  await withContext(
    { mirrors: { 'docker.io': ['http://127.0.0.1:1', `http://${registry.host}`] } },
    async (context) => {
      await pull(context, 'docker.io/app/../app').catch(() => {});
      await assert.rejects(pull(context, 'other'), /library\/other/);
    },
  );
});
