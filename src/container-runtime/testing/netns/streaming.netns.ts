import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { AttachRequest, ExecRequest } from '#cri';
import { dialPortForward, dialRemoteCommand, type RemoteCommand } from '#wire';
import { eventually, TestNode } from '../node.ts';

async function exec(
  node: TestNode,
  containerId: string,
  cmd: string[],
  options: { tty?: boolean; stdin?: boolean; transport?: 'spdy' | 'websocket' } = {},
): Promise<RemoteCommand> {
  const { tty = false, stdin = false, transport = 'websocket' } = options;
  const { url } = await node.runtime.exec(ExecRequest.of({ containerId, cmd, tty, stdin, stdout: true, stderr: !tty }));
  return dialRemoteCommand({ url, transport, stdin, stdout: true, stderr: !tty, tty });
}

test('exec: output, errors, exit code, input, over WebSocket and SPDY', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const id = await node.run(await node.pod('exec'), 'sleep 1000');
  for (const transport of ['websocket', 'spdy'] as const) {
    const command = await exec(node, id, ['sh', '-c', 'cat; echo err >&2; exit 7'], { stdin: true, transport });
    command.stdin!.end('what goes in');
    const [out, err, status] = await Promise.all([text(command.stdout!), text(command.stderr!), command.status]);
    assert.equal(out, 'what goes in');
    assert.equal(err, 'err\n');
    assert.deepEqual((status as unknown as { details: { causes: unknown } }).details.causes, [
      { reason: 'ExitCode', message: '7' },
    ]);
    command.close();
    await command.closed;
  }
  const big = await exec(node, id, ['sh', '-c', 'yes 0123456789 | head -c 5000000']);
  assert.equal((await text(big.stdout!)).length, 5_000_000);
  assert.equal((await big.status)?.status, 'Success');
  const missing = await exec(node, id, ['nonsense']);
  missing.stdout!.resume();
  assert.match((await missing.status)!.message!, /exec: "nonsense": executable file not found in \$PATH/);
  await assert.rejects(async () => exec(node, 'f'.repeat(64), ['true']), /not found/);
});

test('exec with a terminal: it is one, has a size, and follows it', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const id = await node.run(await node.pod('tty'), 'sleep 1000');
  const command = await exec(node, id, ['sh'], { tty: true, stdin: true });
  let seen = '';
  command.stdout!.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  command.resize({ Width: 91, Height: 33 });
  await eventually(async () => {
    command.stdin!.write('stty size\n');
    return seen.includes('33 91');
  });
  command.resize({ Width: 44, Height: 22 });
  await eventually(async () => {
    command.stdin!.write('stty size\n');
    return seen.includes('22 44');
  });
  command.stdin!.write('tty; exit 5\n');
  const status = await command.status;
  assert.match(seen, /\/dev\/pts\/\d/);
  assert.match(JSON.stringify(status), /"ExitCode","message":"5"/);
});

test('a client that leaves a terminal takes its shell along', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const id = await node.run(await node.pod('leave'), 'sleep 1000');
  const command = await exec(node, id, ['sh', '-c', 'echo up; sleep 4321'], { tty: true, stdin: true });
  await once(command.stdout!, 'data');
  command.close();
  await eventually(async () => !(await node.exec(id, 'ps')).out.includes('sleep 4321'));
});

test('attach: output of the first process, input for it, its end', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('attach');
  const id = await node.run(pod, 'while read line; do echo "got $line"; echo "err $line" >&2; done; echo over', {
    stdin: true,
    stdinOnce: true,
  });
  const { url } = await node.runtime.attach(
    AttachRequest.of({ containerId: id, stdin: true, stdout: true, stderr: true }),
  );
  const client = await dialRemoteCommand({ url, stdin: true, stdout: true, stderr: true });
  const [out, err] = [text(client.stdout!), text(client.stderr!)];
  client.stdin!.write('one\n');
  client.stdin!.end('two\n');
  assert.equal(await out, 'got one\ngot two\nover\n');
  assert.equal(await err, 'err one\nerr two\n');
  assert.equal((await client.status)?.status, 'Success');
  assert.equal((await node.exited(id)).exitCode, 0);
  const tty = await node.run(pod, 'stty size; read x; stty size; echo "$x"', {
    tty: true,
    stdin: true,
    metadata: { name: 'tty' },
    logPath: 'tty.log',
  });
  const terminal = await node.runtime.attach(
    AttachRequest.of({ containerId: tty, stdin: true, stdout: true, tty: true }),
  );
  const other = await dialRemoteCommand({ url: terminal.url, stdin: true, stdout: true, tty: true });
  other.resize({ Width: 77, Height: 11 });
  const screen = text(other.stdout!);
  await eventually(async () => {
    const { out } = await node.exec(tty, 'stty size < /dev/console 2>/dev/null || stty size < /proc/1/fd/0');
    return out === '11 77';
  });
  other.stdin!.write('bye\n');
  assert.match(await screen, /11 77\s+bye/);
});

test('port-forward reaches the pod, also what listens on its loopback alone', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('forward');
  const serve = 'mkdir /tmp/w; echo page > /tmp/w/index.html; httpd -p 127.0.0.1:8080 -h /tmp/w; sleep 1000';
  const id = await node.run(pod, serve);
  await eventually(async () => (await node.exec(id, 'wget -q -O - http://127.0.0.1:8080/')).out === 'page');
  const { url } = await node.runtime.portForward({ podSandboxId: pod, port: [] });
  const forward = await dialPortForward({ url });
  const get = async (port: number): Promise<[string, string]> => {
    const { data, error } = forward.open(port);
    data.end('GET /index.html HTTP/1.0\r\n\r\n');
    return Promise.all([text(data).catch(() => ''), text(error)]);
  };
  const [[page, none], [page2]] = await Promise.all([get(8080), get(8080)]);
  assert.match(page, /200 OK[^]*page/);
  assert.match(page2, /200 OK/);
  assert.equal(none, '');
  assert.match((await get(8081))[1], /dial tcp4 127.0.0.1:8081: connect: connection refused/);
  forward.close();
  await forward.closed;
  const answer = await fetch(url.replace('http:', 'http:'));
  assert.equal(answer.status, 404, 'a URL serves nobody without an upgrade');
});
