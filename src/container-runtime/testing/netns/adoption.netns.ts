import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProcess } from '#base';
import { ExecRequest } from '#cri';
import { dialRemoteCommand } from '#wire';
import { text } from 'node:stream/consumers';
import { kill } from '../../processes.ts';
import { eventually, TestNode } from '../node.ts';

test('a new process finds what runs, what ended meanwhile, and the addresses in use', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('adopt');
  const lives = await node.run(pod, 'sleep 1000', { metadata: { name: 'lives' } });
  const ends = await node.run(pod, 'while test ! -e /tmp/go; do sleep 0.05; done; exit 6', {
    metadata: { name: 'ends' },
    logPath: 'ends.log',
  });
  const created = await node.create(pod, 'echo late', { metadata: { name: 'created' }, logPath: 'created.log' });
  const before = await node.status(lives);
  await node.exec(ends, 'true');
  await node.end();
  // what would have been done by exec is done from outside while no runtime is there
  const pid = Number(await readFile(join(node.options.state, 'bundles', ends, 'pid'), 'utf8'));
  await writeFile(`/proc/${pid}/root/tmp/go`, '');
  await eventually(
    async () => (await readFile(join(node.options.state, 'exits', ends), 'utf8').catch(() => '')) !== '',
  );
  await node.begin();
  assert.deepEqual(await node.status(lives), before);
  const ended = await node.status(ends);
  assert.deepEqual([ended.state, ended.exitCode, ended.reason], ['CONTAINER_EXITED', 6, 'Error']);
  await node.runtime.startContainer({ containerId: created });
  await node.exited(created);
  assert.equal(await node.log(created), 'late');
  const { url } = await node.runtime.exec(ExecRequest.of({ containerId: lives, cmd: ['echo', 'hi'], stdout: true }));
  const command = await dialRemoteCommand({ url, stdout: true });
  assert.equal(await text(command.stdout!), 'hi\n');
  const other = await node.pod('other');
  const ips = await Promise.all(
    [pod, other].map(
      async (podSandboxId) =>
        (await node.runtime.podSandboxStatus({ podSandboxId, verbose: false })).status!.network!.ip,
    ),
  );
  assert.notEqual(ips[0], ips[1]);
});

test('a container whose monitor and process are gone without a word is lost, and said to be', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const id = await node.run(await node.pod('lost'), 'sleep 1000');
  await node.end();
  const read = async (file: string): Promise<number> =>
    Number(await readFile(join(node.options.state, 'bundles', id, file), 'utf8'));
  kill(await read('conmon.pid'));
  kill(await read('pid'));
  await node.begin();
  const status = await node.status(id);
  assert.deepEqual([status.state, status.exitCode, status.reason], ['CONTAINER_EXITED', 255, 'Unknown']);
});

test('torn records and folders without one are cleared away', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('torn');
  const id = await node.run(pod, 'sleep 1000');
  await node.end();
  await writeFile(join(node.options.root, 'containers', `${id}.json`), '{"id":');
  await writeFile(join(node.options.root, 'sandboxes', `${pod}.json`), '');
  await node.begin();
  assert.deepEqual((await node.runtime.listContainers({})).containers, []);
  assert.deepEqual((await node.runtime.listPodSandbox({})).items, []);
  await eventually(
    async () => !(await runProcess(['ps', '-o', 'args', '--ppid', `${process.pid}`])).stdout.includes('unshare --pid'),
  );
  await node.exited(await node.run(await node.pod('again'), 'true'));
});
