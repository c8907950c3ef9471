import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { criClient } from './client.ts';
import { CriError } from './index.ts';
import { ContainerConfig, ContainerStatusRequest, CreateContainerRequest } from './messages/index.ts';
import { ListImagesRequest } from './messages/index.ts';
import { serveCri } from './server.ts';
import type { ImageService, RuntimeService } from './services.ts';
import { fakeRuntime } from './testing/fake-runtime.ts';

const directory = mkdtempSync(join(tmpdir(), 'kedge-cri-'));
const socketPath = join(directory, 'cri.sock');
const fake = fakeRuntime();
const server = await serveCri({ socketPath, ...fake });
const client = criClient(`unix://${socketPath}`);
after(async () => {
  await client.close();
  await server.close();
  rmSync(directory, { recursive: true });
});

const modes: [string, RuntimeService & ImageService][] = [
  ['in process', { ...fake.runtime, ...fake.images }],
  ['over a socket', client],
];

for (const [mode, cri] of modes) {
  test(`${mode}: answers are complete and exact`, async () => {
    const config = ContainerConfig.of({ metadata: { name: 'web', attempt: 2 }, labels: { a: 'b' } });
    const { containerId } = await cri.createContainer(CreateContainerRequest.of({ podSandboxId: 'p', config }));
    const { status, info } = await cri.containerStatus(ContainerStatusRequest.of({ containerId }));
    assert.deepEqual(status?.metadata, { name: 'web', attempt: 2 });
    assert.deepEqual(status.labels, { a: 'b' });
    assert.equal(status.createdAt, 1_790_000_000_123_456_789n);
    assert.deepEqual([status.mounts, info, status.state], [[], {}, 'CONTAINER_CREATED']);
    assert.equal((await cri.listImages(ListImagesRequest.of())).images[0]?.size, 2 ** 40);
  });

  test(`${mode}: errors are CriErrors with their code`, async () => {
    await assert.rejects(
      cri.containerStatus({ containerId: 'ghost', verbose: false }),
      (error) => error instanceof CriError && error.code === 'NotFound' && error.message === 'no container "ghost"',
    );
    await assert.rejects(
      cri.stopPodSandbox({ podSandboxId: 'x' }),
      (error) => error instanceof CriError && error.code === 'Unimplemented',
    );
  });

  test(`${mode}: output is bytes`, async () => {
    const { stdout, exitCode } = await cri.execSync({ containerId: 'c', cmd: ['echo', 'ü'], timeout: 0 });
    assert.equal(Buffer.from(stdout).toString(), 'echo ü');
    assert.equal(exitCode, 3);
  });

  test(`${mode}: events come until the signal says stop`, async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const ticking = setInterval(() => fake.event(`c${seen.length}`), 1);
    const read = async (): Promise<void> => {
      for await (const { containerId, containerEventType } of cri.getContainerEvents({}, stop.signal)) {
        seen.push(`${containerId} ${containerEventType}`);
        if (seen.length === 3) stop.abort();
      }
    };
    await read().catch((error: unknown) => assert.ok(error instanceof CriError && error.code === 'Canceled'));
    clearInterval(ticking);
    assert.equal(seen[0], 'c0 CONTAINER_STARTED_EVENT');
  });
}

test('a call over the socket is cancelled by its signal', async () => {
  const call = client.execSync({ containerId: 'c', cmd: ['sleep'], timeout: 0 }, AbortSignal.timeout(20));
  await assert.rejects(call, (error) => error instanceof CriError && error.code === 'DeadlineExceeded');
});

test('a runtime that comes back is found again; while it is away, calls are Unavailable', async () => {
  const path = join(directory, 'other.sock');
  const first = await serveCri({ socketPath: path, ...fake });
  const other = criClient(path);
  await other.version({ version: 'v1' });
  await first.close();
  const unavailable = (error: unknown): boolean => error instanceof CriError && error.code === 'Unavailable';
  await assert.rejects(other.version({ version: 'v1' }), unavailable);
  const second = await serveCri({ socketPath: path, ...fake });
  for (;;) {
    const answer = await other.version({ version: 'v1' }).catch((error: unknown) => {
      assert.ok(unavailable(error));
      return undefined;
    });
    if (answer) break;
  }
  await other.close();
  await second.close();
});
