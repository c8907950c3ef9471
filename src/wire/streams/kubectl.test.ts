import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { createCa, issueCertificate } from '../x509/issue.ts';
import { serveUpgrade, startExecServer } from '../testing/exec-server.ts';

/** An API server that knows one pod, and leaves the rest to the functions of the exec server. */

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', uid: 'u' },
  spec: { containers: [{ name: 'c', image: 'i' }] },
  status: { phase: 'Running' },
};
const verbs = ['get', 'create'];
const answers: Record<string, unknown> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs },
      { name: 'pods/exec', singularName: '', namespaced: true, kind: 'PodExecOptions', verbs },
    ],
  },
  '/api/v1/namespaces/default/pods/web': pod,
};

function request(req: IncomingMessage, res: ServerResponse): void {
  const answer = answers[(req.url ?? '').replace(/\?.*/, '')];
  res.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(answer ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 }));
}

const missing = spawnSync('kubectl', ['version', '--client']).status === 0 ? false : 'kubectl is not installed';
const directory = mkdtempSync(join(tmpdir(), 'kedge-wire-'));
const ca = await createCa({ commonName: 'test' });
const { certPem, keyPem } = await issueCertificate(ca, { commonName: 'api', ipAddresses: ['127.0.0.1'] });
const upgrades = new Set<string>();
const server = await startExecServer({
  request,
  tls: { cert: certPem, key: keyPem },
  upgrade: (req, socket, head) => {
    upgrades.add(`${req.headers.upgrade} ${req.headers['sec-websocket-protocol'] ?? ''}`);
    return serveUpgrade(req, socket, head);
  },
});
const plain = await startExecServer({ request });
after(async () => {
  await Promise.all([server.close(), plain.close()]);
  rmSync(directory, { recursive: true });
});
writeConfig('https', { server: server.url, 'certificate-authority-data': btoa(ca.certPem) });
writeConfig('http', { server: plain.url });

function writeConfig(scheme: string, cluster: Record<string, string>): void {
  const config = {
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user: { token: 'none' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(join(directory, scheme), JSON.stringify(config));
}

interface Way {
  name: string;
  env: Record<string, string>;
}

const ways: Way[] = [
  { name: 'WebSocket', env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'true', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'true' } },
  { name: 'SPDY', env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' } },
];

function environment(way: Way, scheme: string): NodeJS.ProcessEnv {
  return { ...process.env, ...way.env, KUBECONFIG: join(directory, scheme), HOME: directory };
}

function kubectl(way: Way, scheme: string, ...args: string[]): ChildProcess {
  return spawn('kubectl', args, { env: environment(way, scheme), stdio: 'pipe' });
}

async function finish(
  child: ChildProcess,
  input = Buffer.alloc(0),
): Promise<{ out: Buffer; err: string; code: unknown }> {
  child.stdin?.end(input);
  const exit = once(child, 'close') as Promise<[number | null]>;
  const [out, err] = await Promise.all([buffer(child.stdout!), text(child.stderr!)]);
  const [code] = await exit;
  return { out, err, code };
}

for (const way of ways) {
  for (const scheme of ['https', 'http']) {
    const name = `kubectl over ${way.name}, ${scheme}`;

    test(`${name}: 3 MB through stdin and stdout`, { skip: missing, timeout: 30_000 }, async () => {
      const input = Buffer.alloc(3_000_000, '0123456789abcdef');
      const { out, err, code } = await finish(kubectl(way, scheme, 'exec', '-i', 'web', '--', 'cat'), input);
      assert.equal(err, '');
      assert.equal(code, 0);
      assert.ok(out.equals(input), `${out.length} bytes came back`);
    });
  }

  const name = `kubectl over ${way.name}`;

  test(`${name}: exit code and stderr`, { skip: missing, timeout: 30_000 }, async () => {
    const failed = await finish(kubectl(way, 'https', 'exec', 'web', '--', 'exit', '7'));
    assert.equal(failed.code, 7);
    assert.match(failed.err, /command terminated with exit code 7/);
    const { out, err, code } = await finish(kubectl(way, 'https', 'exec', 'web', '--', 'stderr'));
    assert.deepEqual([out.toString(), err, code], ['', 'to stderr', 0]);
  });

  test(`${name}: 3 MB of output are whole, again and again`, { skip: missing, timeout: 30_000 }, async () => {
    for (let i = 0; i < 3; i++) {
      const { out, code } = await finish(kubectl(way, 'https', 'exec', 'web', '--', 'count', '3000000'));
      assert.deepEqual([out.length, code], [3_000_000, 0]);
    }
  });

  test(`${name}: a killed client leaves nothing`, { skip: missing, timeout: 30_000 }, async () => {
    const child = kubectl(way, 'https', 'exec', '-i', 'web', '--', 'hang');
    while (server.open.size === 0) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGKILL');
    await once(child, 'exit');
    while (server.open.size > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test(`${name}: port-forward`, { skip: missing, timeout: 30_000 }, async () => {
    const child = kubectl(way, 'https', 'port-forward', 'web', ':8080');
    const port = await forwardedPort(child);
    await Promise.all(Array.from({ length: 10 }, (_, i) => echo(port, Buffer.alloc(300_000, String(i)))));
    child.kill('SIGTERM');
    await once(child, 'close');
    while (server.open.size > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test(`${name}: the terminal's size`, { skip: missing || !hasScript(), timeout: 30_000 }, async () => {
    const { stdout, code } = await inTerminal(way, ['exec', '-it', 'web', '--', 'sizes', '1']);
    assert.equal(code, 0);
    assert.match(stdout, /\[\{"Width":\d+,"Height":\d+\}\]/);
  });
}

test('kubectl spoke what it was told to', { skip: missing }, () => {
  const expected = ['SPDY/3.1 ', 'websocket SPDY/3.1+portforward.k8s.io', 'websocket v5.channel.k8s.io'];
  assert.deepEqual([...upgrades].sort(), expected);
});

function hasScript(): boolean {
  return spawnSync('script', ['--version']).status === 0;
}

/** util-linux's `script` gives the command a terminal of its own. */
async function inTerminal(way: Way, args: string[]): Promise<{ stdout: string; code: unknown }> {
  const command = `stty rows 40 cols 100; kubectl ${args.join(' ')}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: environment(way, 'https') });
  const exit = once(child, 'close') as Promise<[number | null]>;
  const stdout = await text(child.stdout);
  const [code] = await exit;
  return { stdout, code };
}

async function forwardedPort(child: ChildProcess): Promise<number> {
  let out = '';
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    out += String(chunk);
    const port = /127\.0\.0\.1:(\d+) ->/.exec(out)?.[1];
    if (port) return Number(port);
  }
  throw new Error(`kubectl said no port: ${err}`);
}

async function echo(port: number, data: Buffer): Promise<void> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write(data);
  let received = Buffer.alloc(0);
  while (received.length < data.length) received = Buffer.concat([received, (await once(socket, 'data'))[0] as Buffer]);
  assert.ok(received.equals(data));
  socket.destroy();
}
