import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { ask } from './http.ts';
import { until } from './until.ts';

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, over plain HTTP. */
  readonly address: string;
}

/** Debian's `docker-registry` on a free port of the loopback, with its files in a folder of the test. */
export async function startRegistry(folder: string): Promise<Registry> {
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'registry.yml');
  const storage = `storage: { filesystem: { rootdirectory: ${join(folder, 'registry')} } }`;
  await writeFile(config, `version: 0.1\n${storage}\nhttp: { addr: ${address} }\n`);
  const server = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill();
    await ended;
  };
  try {
    const answer = (): Promise<{ status: number }> => ask(`http://${address}/v2/`);
    await until(answer, ({ status }) => assert.equal(status, 200));
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, [Symbol.asyncDispose]: stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
