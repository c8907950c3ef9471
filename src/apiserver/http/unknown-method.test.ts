import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

describe('HTTP/1.1 that Node’s parser does not read', () => {
  let server: TestServer;

  before(async () => {
    const user = { name: 'admin', uid: '', groups: ['system:masters'] };
    server = await startTestServer({ tokens: [{ token: 'admin', user }] });
  });

  after(() => server[Symbol.asyncDispose]());

  /** Writes these bytes on a connection of their own; resolves with what came until it was closed. */
  const send = async (text: string): Promise<string> => {
    const socket = connect({ host: '127.0.0.1', port: server.port, ca: server.caPem, ALPNProtocols: ['http/1.1'] });
    socket.write(text);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  };
  const ask = (line: string, token = 'admin'): Promise<string> =>
    send(`${line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);

  for (const line of ['FOO /api/v1/pods', 'get /version', 'CONNECT /api/v1/namespaces'])
    test(`${line} is no method of the path`, async () => {
      const answer = await ask(line);
      assert.match(answer, /^HTTP\/1\.1 405 Method Not Allowed\r\n/);
      assert.match(answer, /"message": ?"the server does not allow this method on the requested resource"/);
    });

  test('who asks with an unknown method is asked for who they are', async () => {
    assert.match(await ask('FOO /api/v1/pods', 'wrong'), /^HTTP\/1\.1 401 Unauthorized\r\n/);
  });

  test('what is no request is told so in the words of Go’s server', async () => {
    const bad =
      /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: text\/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request$/;
    assert.match(await send('what is this\r\n\r\n'), bad);
    assert.match(await send('FOO /x HTTP/1.1\r\nno header\r\n\r\n'), bad);
  });
});
