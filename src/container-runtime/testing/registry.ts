import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configOf, sha256, type TestFile } from './test-image.ts';
import type { Descriptor, ImageConfig } from '../images/manifest.ts';

/** A registry of Debian's docker-registry on a free port of the loopback. */
export interface TestRegistry extends AsyncDisposable {
  host: string;
  /** Pushes an image of ready layer archives; returns the digest of the manifest. */
  push(repository: string, tag: string, image: PushedImage): Promise<string>;
  pushBlob(repository: string, content: Uint8Array): Promise<void>;
  pushManifest(repository: string, tag: string, manifest: object): Promise<string>;
}

export interface PushedImage {
  /** As they are stored (compressed or not), with what they are when unpacked. */
  layers: { stored: Uint8Array; plain: Uint8Array; mediaType: string }[];
  config?: ImageConfig['config'];
  docker?: boolean;
}

export type { TestFile };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

export async function startRegistry(folder: string, extraConfig = ''): Promise<TestRegistry> {
  const port = await freePort();
  const config = join(folder, 'registry.yml');
  await writeFile(
    config,
    `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${join(folder, 'registry')}}}\nhttp: {addr: 127.0.0.1:${port}}\n${extraConfig}`,
  );
  const child = spawn('/usr/bin/docker-registry', ['serve', config], { stdio: 'ignore', env: {} });
  const base = `http://127.0.0.1:${port}/v2/`;
  for (;;) {
    const answer = await fetch(base).catch(() => undefined);
    if (answer) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const pushBlob = async (repository: string, content: Uint8Array): Promise<void> => {
    const begun = await fetch(`${base}${repository}/blobs/uploads/`, { method: 'POST' });
    const location = new URL(begun.headers.get('location')!, base);
    location.searchParams.set('digest', sha256(content));
    const done = await fetch(location, { method: 'PUT', body: Buffer.from(content) });
    if (done.status !== 201) throw new Error(`push: ${done.status} ${await done.text()}`);
  };
  const pushManifest = async (repository: string, tag: string, manifest: object): Promise<string> => {
    const body = JSON.stringify(manifest);
    const mediaType = (manifest as { mediaType: string }).mediaType;
    const done = await fetch(`${base}${repository}/manifests/${tag}`, {
      method: 'PUT',
      body,
      headers: { 'content-type': mediaType },
    });
    if (done.status !== 201) throw new Error(`push: ${done.status} ${await done.text()}`);
    return sha256(body);
  };
  return {
    host: `127.0.0.1:${port}`,
    pushBlob,
    pushManifest,
    push: async (repository, tag, image) => {
      const config = Buffer.from(
        JSON.stringify(
          configOf(
            image.layers.map(({ plain }) => plain),
            image.config,
          ),
        ),
      );
      await pushBlob(repository, config);
      for (const { stored } of image.layers) await pushBlob(repository, stored);
      return pushManifest(repository, tag, manifestOf(image, config));
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function manifestOf(image: PushedImage, config: Uint8Array): object {
  const prefix = image.docker
    ? 'application/vnd.docker.distribution.manifest.v2'
    : 'application/vnd.oci.image.manifest.v1';
  const configType = image.docker
    ? 'application/vnd.docker.container.image.v1+json'
    : 'application/vnd.oci.image.config.v1+json';
  const describe = (content: Uint8Array, mediaType: string): Descriptor => ({
    mediaType,
    digest: sha256(content),
    size: content.length,
  });
  return {
    schemaVersion: 2,
    mediaType: `${prefix}+json`,
    config: describe(config, configType),
    layers: image.layers.map(({ stored, mediaType }) => describe(stored, mediaType)),
  };
}
