import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { httpProbe, tcpProbe } from './http-probe.ts';

test('HTTP and TCP probes say what they met in the words of Go', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/hang') return;
    if (request.url === '/move') response.writeHead(302, { location: '/ok' });
    else if (request.url === '/away') response.writeHead(302, { location: 'http://elsewhere.example/' });
    else if (request.url === '/head') response.statusCode = request.headers['x-who'] === 'me' ? 200 : 400;
    else response.statusCode = request.url === '/bad' ? 500 : 200;
    response.end('body');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const probe = (path: string, timeoutMs = 5000): ReturnType<typeof httpProbe> =>
    httpProbe({ scheme: 'http', host: '127.0.0.1', port, path, headers: [{ name: 'X-Who', value: 'me' }] }, timeoutMs);
  try {
    assert.deepEqual(await probe('/ok'), { outcome: 'success', output: 'body' });
    assert.deepEqual(await probe('ok'), { outcome: 'success', output: 'body' });
    assert.deepEqual(await probe('/head'), { outcome: 'success', output: 'body' });
    assert.deepEqual(await probe('/move'), { outcome: 'success', output: 'body' });
    assert.equal((await probe('/away')).outcome, 'warning');
    assert.deepEqual(await probe('/bad'), { outcome: 'failure', output: 'HTTP probe failed with statuscode: 500' });
    assert.deepEqual(await probe('/hang', 20), {
      outcome: 'failure',
      output: `Get "http://127.0.0.1:${port}/hang": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    });
    assert.equal((await tcpProbe('127.0.0.1', port, 5000)).outcome, 'success');
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  const refused = `dial tcp 127.0.0.1:${port}: connect: connection refused`;
  assert.deepEqual(await tcpProbe('127.0.0.1', port, 5000), { outcome: 'failure', output: refused });
  assert.deepEqual(await probe('/'), { outcome: 'failure', output: `Get "http://127.0.0.1:${port}/": ${refused}` });
});
