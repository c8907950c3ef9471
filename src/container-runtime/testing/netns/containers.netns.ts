import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestNode } from '../node.ts';

test('a container of a loaded image runs, logs, and ends with its code', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('first');
  const id = await node.run(pod, 'echo hello; echo oops >&2; exit 3');
  const status = await node.exited(id);
  assert.deepEqual([status.exitCode, status.reason], [3, 'Error']);
  assert.equal(await node.log(id), 'hello\noops');
  await node.runtime.removePodSandbox({ podSandboxId: pod });
});
