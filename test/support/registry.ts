import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { ask } from './http.ts';
import { until } from './until.ts';
import { freePort } from './free-port.ts';

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, over plain HTTP. */
  readonly address: string;
}

/** Who may ask a registry that wants a login; `hash` is what `htpasswd -B` makes of the password. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly hash: string;
}

/** Debian's `docker-registry` on a free port of the loopback, with its files in a folder of the test. */
export async function startRegistry(folder: string, login?: Login): Promise<Registry> {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'registry.yml');
  const storage = `storage: { filesystem: { rootdirectory: ${join(folder, 'registry')} } }`;
  const passwords = join(folder, 'htpasswd');
  if (login) await writeFile(passwords, `${login.user}:${login.hash}\n`);
  const auth = login ? `auth: { htpasswd: { realm: test, path: ${passwords} } }\n` : '';
  await writeFile(config, `version: 0.1\n${storage}\n${auth}http: { addr: ${address} }\n`);
  const server = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill();
    await ended;
  };
  try {
    const answer = (): Promise<{ status: number }> => ask(`http://${address}/v2/`);
    await until(answer, ({ status }) => assert.equal(status, login ? 401 : 200));
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, [Symbol.asyncDispose]: stop };
}

/** Pushes an image of one layer, as a tar archive; returns the digest of its manifest. */
export async function pushImage(
  { address }: Registry,
  name: string,
  tag: string,
  layer: Uint8Array,
  login?: Login,
): Promise<string> {
  const headers = login && { authorization: `Basic ${btoa(`${login.user}:${login.password}`)}` };
  const base = `http://${address}/v2/${name}`;
  const put = async (url: string, body: Uint8Array, type: string): Promise<void> => {
    const answer = await fetch(url, {
      method: 'PUT',
      body: Buffer.from(body),
      headers: { ...headers, 'content-type': type },
    });
    assert.equal(answer.status, 201, await answer.text());
  };
  const pushBlob = async (blob: Uint8Array): Promise<{ digest: string; size: number }> => {
    const started = await fetch(`${base}/blobs/uploads/`, { method: 'POST', ...(headers && { headers }) });
    const upload = new URL(started.headers.get('location') ?? '', base);
    upload.searchParams.set('digest', digestOf(blob));
    await put(upload.href, blob, 'application/octet-stream');
    return { digest: digestOf(blob), size: blob.length };
  };
  const rootfs = { type: 'layers', diff_ids: [digestOf(layer)] };
  const config = Buffer.from(JSON.stringify({ architecture: architecture(), os: 'linux', config: {}, rootfs }));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...(await pushBlob(config)) },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...(await pushBlob(layer)) }],
    }),
  );
  await put(`${base}/manifests/${tag}`, manifest, manifestType);
  return digestOf(manifest);
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function architecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}
