import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { silentLogger, systemClock } from '#base';
import { ExecRequest, ImageSpec } from '#cri';
import { dialRemoteCommand } from '#wire';
import { buildOwnImages, nodeImage, toolboxImage } from '../../own-images/build-own-images.ts';
import { eventually, TestNode } from '../node.ts';

test('images of the machine are made, seen by a node, and serve', async () => {
  await using node = await TestNode.start();
  const build = () =>
    buildOwnImages({
      images: node.options.images,
      nodeBinary: process.execPath,
      clock: systemClock,
      log: silentLogger,
    });
  await build();
  const { images } = await node.runtime.listImages({});
  const before = images.map(({ id }) => id).sort();
  assert.deepEqual(images.flatMap(({ repoTags }) => repoTags).sort(), [nodeImage, toolboxImage]);
  assert.ok(images.every(({ pinned }) => pinned));
  await build();
  assert.deepEqual((await node.runtime.listImages({})).images.map(({ id }) => id).sort(), before);
  const image = ImageSpec.of({ image: toolboxImage });
  const { imageRef } = await node.runtime.pullImage({ image });
  const pod = await node.pod('toolbox', { dnsConfig: { servers: ['10.201.7.1'], searches: [], options: [] } });
  const id = await node.run(pod, [], { image: { image: imageRef } });
  const ip = (await node.runtime.podSandboxStatus({ podSandboxId: pod, verbose: false })).status!.network!.ip;
  const body = await eventually(() =>
    fetch(`http://${ip}:8080/some/path`).then(
      (answer) => answer.text(),
      () => undefined,
    ),
  );
  assert.match(body, /host: toolbox\nrequest: GET \/some\/path/);
  assert.equal(await (await fetch(`http://${ip}:8080/healthz`)).text(), 'ok\n');
  const run = (...cmd: string[]) => node.runtime.execSync({ containerId: id, cmd, timeout: 60 });
  assert.equal(
    Buffer.from((await run('sh', '-c', 'echo a b | while read x y; do echo $y; done; exit 3')).stdout).toString(),
    'b\n',
  );
  assert.equal((await run('sh', '-c', 'touch /tmp/unhealthy; exit 3')).exitCode, 3);
  assert.equal((await fetch(`http://${ip}:8080/healthz`)).status, 500);
  assert.match(Buffer.from((await run('report', '/etc/passwd')).stdout).toString(), /host: toolbox\nuser: 0:0/);
  assert.match(Buffer.from((await run('get', 'http://127.0.0.1:8080/hostname')).stdout).toString(), /toolbox/);
  const { url } = await node.runtime.exec(
    ExecRequest.of({ containerId: id, cmd: ['tar', 'cf', '-', '-C', '/etc', 'passwd'], stdout: true }),
  );
  const tar = await dialRemoteCommand({ url, stdout: true });
  assert.match(await text(tar.stdout!), /^passwd\0[^]*root:x:0:0/);
  await assert.rejects(
    node.runtime.removeImage({ image }),
    /is the machine's and not this node's: "kedge image remove"/,
  );
  await run('sh', '-c', 'printf "%0100000d" 1 > /tmp/written');
  const { imageFilesystems, containerFilesystems } = await node.runtime.imageFsInfo({});
  assert.ok(imageFilesystems[0]!.usedBytes!.value > 1e8);
  const written = containerFilesystems[0]!.usedBytes!.value;
  assert.ok(written >= 1e5 && written < 1e7, `${written} bytes`);
  await node.runtime.stopContainer({ containerId: id, timeout: 30 });
  assert.equal((await node.status(id)).exitCode, 0, 'it ends by itself when asked');
});
