import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFile, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createCa, issueCertificate } from '#wire';
import { scenario, type Bench } from '../testing/bench.ts';
import { apiServerUser } from './authenticate.ts';

const ca = await createCa({ commonName: 'test-ca' });
const otherCa = await createCa({ commonName: 'other-ca' });
const server = await issueCertificate(ca, { commonName: 'node-1', ipAddresses: ['127.0.0.1'], usages: ['server'] });
const certificates = {
  apiserver: await issueCertificate(ca, { commonName: apiServerUser, usages: ['client'] }),
  admin: await issueCertificate(ca, { commonName: 'admin', organizations: ['system:masters'], usages: ['client'] }),
  nobody: await issueCertificate(ca, { commonName: 'nobody', organizations: ['a', 'b'], usages: ['client'] }),
  stranger: await issueCertificate(otherCa, { commonName: apiServerUser, usages: ['client'] }),
};
const serving = { certPem: server.certPem, keyPem: server.keyPem, clientCaPem: ca.certPem, host: '127.0.0.1', port: 0 };

async function optionsFor(
  bench: Bench,
  path: string,
  who: keyof typeof certificates | undefined,
): Promise<RequestOptions> {
  const client = who && { cert: certificates[who].certPem, key: certificates[who].keyPem };
  return { host: '127.0.0.1', port: await bench.kubelet!.port, path, ca: ca.certPem, agent: false, ...client };
}

async function open(bench: Bench, path: string, who?: keyof typeof certificates): Promise<IncomingMessage> {
  const call = request(await optionsFor(bench, path, who));
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  return response;
}

async function get(bench: Bench, path: string, who?: keyof typeof certificates): Promise<[number, string]> {
  const response = await open(bench, path, who);
  return [response.statusCode ?? 0, await text(response)];
}

function served(name: string, run: (bench: Bench) => Promise<void>): void {
  scenario(name, run, { serving });
}

served('only the API server and administrators are let in', async (bench) => {
  assert.deepEqual(await get(bench, '/healthz', 'apiserver'), [200, 'ok']);
  assert.deepEqual(await get(bench, '/healthz', 'admin'), [200, 'ok']);
  assert.equal((await get(bench, '/healthz'))[0], 401);
  assert.equal((await get(bench, '/healthz', 'stranger'))[0], 401);
  assert.equal((await get(bench, '/healthz', 'nobody'))[0], 403);
  assert.equal((await get(bench, '/nothing', 'admin'))[0], 404);
});

served("logs are read, followed to the end of the container, and refused in upstream's words", async (bench) => {
  bench.create({});
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  const path = '/containerLogs/default/web/main';
  assert.deepEqual(await get(bench, path, 'admin'), [200, 'hello from main\n']);
  assert.deepEqual(await get(bench, `${path}?timestamps=true&tailLines=1`, 'admin'), [
    200,
    '2026-01-01T00:00:00.000000000Z hello from main\n',
  ]);
  assert.deepEqual(await get(bench, `${path}?previous=true`, 'admin'), [
    400,
    'previous terminated container "main" in pod "web" not found\n',
  ]);
  assert.equal((await get(bench, '/containerLogs/default/web/other', 'admin'))[0], 404);
  assert.equal((await get(bench, '/containerLogs/default/none/main', 'admin'))[0], 404);
  const { logDirectory, config } = bench.cri.find('main')!;
  const file = join(logDirectory, config.logPath);
  await rename(file, `${file}.away`);
  const refusal = `failed to try resolving symlinks in path "${file}": lstat ${file}: no such file or directory\n`;
  assert.deepEqual(await get(bench, path, 'admin'), [400, refusal]);
  await rename(`${file}.away`, file);

  const following = await open(bench, `${path}?follow=true`, 'admin');
  await once(following, 'readable');
  await get(bench, path, 'admin'); // by now a reader that does not follow would have ended
  const all = text(following);
  const container = bench.cri.find('main')!;
  await appendFile(join(container.logDirectory, container.config.logPath), '2026-01-01T00:00:01Z stdout F more\n');
  bench.cri.exit('main', 1);
  let done = '';
  void all.then((read) => (done = read));
  await bench.until('end of log', () => done !== '');
  assert.equal(done, 'hello from main\nmore\n');

  await bench.until('restarted', () => bench.main()?.restartCount === 1 && bench.main()?.state?.running !== undefined);
  assert.deepEqual(await get(bench, `${path}?previous=true`, 'admin'), [200, 'hello from main\nmore\n']);
});

served('pods and statistics are shown', async (bench) => {
  bench.create({});
  await bench.until('running', () => bench.main()?.state?.running !== undefined);
  const list = JSON.parse((await get(bench, '/pods', 'admin'))[1]) as {
    kind: string;
    items: { status: { phase: string } }[];
  };
  assert.equal(list.kind, 'PodList');
  assert.equal(list.items[0]?.status.phase, 'Running');
  assert.match((await get(bench, '/metrics', 'admin'))[1], /^kubelet_running_pods 1$/m);
  assert.equal((await get(bench, '/stats/summary', 'admin'))[0], 200);
});

served('exec is handed through to the runtime, bytes both ways', async (bench) => {
  const seen: string[] = [];
  const streaming = createServer();
  streaming.on('upgrade', (incoming: IncomingMessage, socket) => {
    seen.push(`${incoming.method} ${incoming.url} ${incoming.headers.upgrade}`);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\nhello ');
    socket.pipe(socket);
  });
  streaming.listen(0, '127.0.0.1');
  await once(streaming, 'listening');
  const asked: unknown[] = [];
  bench.cri.exec = async (given) => {
    asked.push(given);
    return { url: `http://127.0.0.1:${(streaming.address() as AddressInfo).port}/exec/token` };
  };
  try {
    bench.create({});
    await bench.until('running', () => bench.main()?.state?.running !== undefined);
    const path = '/exec/default/web/main?command=sh&command=-c&input=1&output=1&tty=1';
    const headers = { connection: 'Upgrade', upgrade: 'test' };
    const call = request({ ...(await optionsFor(bench, path, 'apiserver')), method: 'POST', headers });
    call.end();
    const [, socket, head] = (await once(call, 'upgrade')) as [
      IncomingMessage,
      NodeJS.ReadWriteStream & { end(): void },
      Buffer,
    ];
    socket.on('error', () => {}); // the kubelet may hang up first when it stops
    socket.write('world');
    let echoed = head.toString();
    while (!echoed.endsWith('world')) echoed += String(((await once(socket, 'data')) as [Buffer])[0]);
    assert.equal(echoed, 'hello world');
    socket.end();
    assert.deepEqual(seen, ['POST /exec/token test']);
    assert.deepEqual(asked, [
      {
        containerId: bench.cri.find('main')!.id,
        cmd: ['sh', '-c'],
        stdin: true,
        stdout: true,
        stderr: false,
        tty: true,
      },
    ]);
  } finally {
    streaming.closeAllConnections();
    streaming.close();
  }
});
