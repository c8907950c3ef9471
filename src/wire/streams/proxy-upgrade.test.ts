import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as net from 'node:net';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { startExecServer, type ExecServer } from '../testing/exec-server.ts';
import { dialPortForward } from './dial-port-forward.ts';
import { dialRemoteCommand } from './dial-remote-command.ts';
import { proxyUpgrade } from './proxy-upgrade.ts';
import { refuseUpgrade, UpgradeError } from './upgrade.ts';

const backend = await startExecServer();
const seen: (string | undefined)[] = [];
const proxy = await startProxy(backend.port);
after(async () => {
  await proxy.close();
  await backend.close();
});

function startProxy(port: number): Promise<ExecServer> {
  return startExecServer({
    upgrade: async (req, socket, head) => {
      seen.push(req.headers.authorization);
      const connect = async (): Promise<net.Socket> => {
        const connection = net.connect({ port, host: '127.0.0.1' });
        await once(connection, 'connect');
        return connection;
      };
      const path = (req.url ?? '').replace('/proxied', '');
      try {
        await proxyUpgrade(req, socket, head, { connect, path, headers: { authorization: undefined } });
      } catch (error) {
        refuseUpgrade(socket, 502, String(error));
      }
    },
  });
}

for (const transport of ['websocket', 'spdy'] as const) {
  test(`${transport}: megabytes go through both ways`, async () => {
    const command = await dialRemoteCommand({
      url: `${proxy.url}/proxied/exec?command=cat&stdin=1&stdout=1`,
      headers: { authorization: 'Bearer secret' },
      transport,
      stdin: true,
      stdout: true,
    });
    const big = Buffer.alloc(3_000_000, 'abc');
    command.stdin?.end(big);
    assert.deepEqual(await buffer(command.stdout!), big);
    assert.equal((await command.status)?.status, 'Success');
    command.close();
    await command.closed;
    assert.equal(seen.at(-1), 'Bearer secret');
  });

  test(`${transport}: when the client goes, the backend hears of it`, async () => {
    const url = `${proxy.url}/proxied/exec?command=hang&stdin=1`;
    const command = await dialRemoteCommand({ url, transport, stdin: true });
    command.close();
    await command.closed;
    while (backend.open.size > 0 || proxy.open.size > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test(`${transport}: a refusal of the backend arrives as it is`, async () => {
    const url = `${proxy.url}/proxied/exec?command=cat`;
    await assert.rejects(
      dialRemoteCommand({ url, transport, protocols: ['v9.channel.k8s.io'] }),
      (error) => error instanceof UpgradeError && error.status === 403 && error.message.includes('server accepts'),
    );
  });
}

test('port-forward through the proxy', async () => {
  const forward = await dialPortForward({ url: `${proxy.url}/proxied/portForward` });
  const { data } = forward.open(80);
  data.write('ping');
  assert.equal(String((await once(data, 'data'))[0]), 'ping');
  forward.close();
  await forward.closed;
});

test('a backend that cannot be reached, or hangs up, is an error for the caller to tell', async () => {
  const listener = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const broken = await startProxy((listener.address() as net.AddressInfo).port);
  const url = `${broken.url}/exec`;
  await assert.rejects(dialRemoteCommand({ url, transport: 'spdy' }), (e) => (e as UpgradeError).status === 502);
  listener.close();
  await once(listener, 'close');
  await assert.rejects(dialRemoteCommand({ url, transport: 'spdy' }), /ECONNREFUSED/);
  await broken.close();
});
