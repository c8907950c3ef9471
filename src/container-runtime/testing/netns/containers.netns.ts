import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute } from '#base';
import { isCriError, type ContainerEventResponse } from '#cri';
import { eventually, output, TestNode } from '../node.ts';

test('a container of a loaded image runs, logs, and ends with its code', async () => {
  await using node = await TestNode.start();
  await node.busybox('busybox:test', { StopSignal: 'SIGUSR1' });
  const pod = await node.pod('first');
  const id = await node.run(pod, 'echo hello; echo oops >&2; exit 3');
  const status = await node.exited(id);
  assert.deepEqual([status.exitCode, status.reason, status.stopSignal], [3, 'Error', 'SIGUSR1']);
  assert.ok(status.createdAt > 0n && status.startedAt >= status.createdAt && status.finishedAt >= status.startedAt);
  assert.equal(await node.log(id), 'hello\noops');
  assert.match(await readFile(status.logPath, 'utf8'), /^\d{4}-\d\d-\d\dT\S+ stdout F hello\n\S+ stderr F oops\n$/);
  const fine = await node.exited(await node.run(pod, 'exit 0', { metadata: { name: 'fine' } }));
  assert.deepEqual([fine.exitCode, fine.reason], [0, 'Completed']);
  await node.runtime.removePodSandbox({ podSandboxId: pod });
  assert.deepEqual(await node.runtime.listContainers({}), { containers: [] });
});

test('what image and pod say of the process: command, environment, folder, user, groups', async () => {
  await using node = await TestNode.start();
  await node.busybox('busybox:test', {
    Entrypoint: ['echo', 'from'],
    Cmd: ['image'],
    Env: ['PATH=/bin', 'A=image', 'B=image'],
    WorkingDir: '/made/by/runtime',
    User: 'app',
  });
  const pod = await node.pod('process');
  const run = async (extra: object): Promise<string> => {
    const id = (
      await node.runtime.createContainer({
        podSandboxId: pod,
        config: {
          ...(await import('#cri')).ContainerConfig.of({
            metadata: { name: 'x' },
            image: { image: 'busybox:test' },
            logPath: `${Math.random()}.log`,
            ...extra,
          }),
        },
      })
    ).containerId;
    await node.runtime.startContainer({ containerId: id });
    await node.exited(id);
    return node.log(id);
  };
  assert.equal(await run({}), 'from image');
  assert.equal(await run({ args: ['pod'] }), 'from pod');
  assert.equal(await run({ command: ['echo', 'only'] }), 'only');
  const envs = [{ key: 'A', value: Buffer.from('pod') }];
  const show = 'echo $A $B $HOSTNAME; hostname; pwd; id';
  assert.equal(
    await run({ command: ['sh', '-c', show], envs }),
    'pod image process\nprocess\n/made/by/runtime\nuid=1000(app) gid=1001(app) groups=1001(app),1002(extra)',
  );
  const security = { runAsUser: { value: 5 }, runAsGroup: { value: 6 }, supplementalGroups: [7] };
  assert.equal(await run({ command: ['id'], linux: { securityContext: security } }), 'uid=5 gid=6 groups=6,7');
  await assert.rejects(
    run({ linux: { securityContext: { runAsUsername: 'stranger' } } }),
    /unable to find user stranger/,
  );
});

test('what cannot start says why, in the words people search for', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('fails');
  const containerId = await node.create(pod, ['/nonsense']);
  await assert.rejects(
    node.runtime.startContainer({ containerId }),
    /OCI runtime create failed.*exec: "\/nonsense": stat \/nonsense: no such file or directory/,
  );
  const status = await node.status(containerId);
  assert.deepEqual([status.state, status.exitCode, status.reason], ['CONTAINER_EXITED', 128, 'StartError']);
  await assert.rejects(node.create(pod, 'true', { image: { image: 'nothing:here' } }), (error) =>
    isCriError(error, 'NotFound'),
  );
  await assert.rejects(node.create('f'.repeat(64), 'true'), (error) => isCriError(error, 'NotFound'));
  await assert.rejects(node.status('f'.repeat(64)), (error) => isCriError(error, 'NotFound'));
});

test('security: capabilities, seccomp, masked paths, read-only root, privileges', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const caps = 'grep -E "CapEff|Seccomp:|NoNewPrivs" /proc/self/status';
  const secure = await output(
    node,
    `${caps}; touch /x && echo written; wc -c < /proc/kcore; touch /proc/sys/kernel/x || echo ro; mount -t tmpfs x /tmp || echo no mount`,
    {
      linux: {
        securityContext: {
          seccomp: { profileType: 'RuntimeDefault' },
          capabilities: { dropCapabilities: ['ALL'], addCapabilities: ['NET_RAW'] },
          noNewPrivs: true,
          readonlyRootfs: true,
        },
      },
    },
  ).catch((error: unknown) => String(error));
  assert.match(secure, /CapEff:\s+0000000000002000/);
  assert.match(secure, /Seccomp:\s+2/);
  assert.match(secure, /NoNewPrivs:\s+1/);
  assert.doesNotMatch(secure, /written/);
  assert.match(secure, /no mount/);
  const plain = await output(node, `${caps}; echo x > /dev/null && echo null; ls /dev/shm -d`);
  assert.match(plain, /CapEff:\s+00000000a80425fb/);
  assert.match(plain, /null\n\/dev\/shm/);
  const privileged = await output(node, `${caps}; mount -t tmpfs x /tmp && echo mounted`, {
    linux: { securityContext: { privileged: true } },
  });
  assert.match(privileged, /mounted/);
});

test('volumes: read-only, made when missing, nested, propagation; files of the pod', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const host = join(node.directory, 'host');
  await mkdir(join(host, 'inner'), { recursive: true });
  await writeFile(join(host, 'file'), 'content\n');
  const mounts = [
    { containerPath: '/data/inner', hostPath: join(host, 'missing') },
    { containerPath: '/data', hostPath: host, readonly: true },
    { containerPath: '/etc/motd', hostPath: join(host, 'file') },
  ];
  const pod = await node.pod('volumes', {
    dnsConfig: { servers: ['10.96.0.10'], searches: ['default.svc.cluster.local'], options: ['ndots:5'] },
  });
  const id = await node.run(
    pod,
    'cat /data/file /etc/motd /etc/resolv.conf /etc/hostname; touch /data/x 2>/dev/null || echo ro; echo w > /data/inner/y; grep -c shm /proc/mounts',
    { mounts },
  );
  await node.exited(id);
  assert.equal(
    await node.log(id),
    'content\ncontent\nsearch default.svc.cluster.local\nnameserver 10.96.0.10\noptions ndots:5\nvolumes\nro\n1',
  );
  assert.equal(await readFile(join(host, 'missing/y'), 'utf8'), 'w\n');
});

test('a volume that is read-only all the way down is so below, too', async (t) => {
  await using node = await TestNode.start();
  const { runtimeHandlers } = await node.runtime.status({ verbose: false });
  if (!runtimeHandlers[0]?.features?.recursiveReadOnlyMounts) return t.skip('the OCI runtime or the kernel cannot');
  await node.busybox();
  const host = join(node.directory, 'host');
  await mkdir(join(host, 'below'), { recursive: true });
  await execute(['mount', '-t', 'tmpfs', 'below', join(host, 'below')]);
  try {
    const write = 'touch /data/below/file 2>/dev/null && echo written || echo refused';
    const mount = { containerPath: '/data', hostPath: host, readonly: true };
    assert.equal(await output(node, write, { mounts: [mount] }), 'written');
    const whole = { ...mount, recursiveReadOnly: true };
    assert.equal(await output(node, write, { mounts: [whole] }), 'refused');
    const pod = await node.pod('refused');
    for (const wrong of [{ readonly: false }, { propagation: 'PROPAGATION_HOST_TO_CONTAINER' as const }])
      await assert.rejects(
        node.create(pod, 'true', { mounts: [{ ...whole, ...wrong }] }),
        /recursive_read_only requires/,
      );
  } finally {
    await execute(['umount', join(host, 'below')]);
  }
});

test('limits stand in cgroups, can be changed, and what goes beyond memory is killed and said so', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('limits');
  const resources = { memoryLimitInBytes: 32 << 20, cpuShares: 512, cpuQuota: 50_000, cpuPeriod: 100_000 };
  const id = await node.run(pod, 'sleep 1000', { linux: { resources } });
  const { info } = await node.runtime.containerStatus({ containerId: id, verbose: true });
  const { cgroupsPath } = JSON.parse(info['info']!) as { cgroupsPath: string };
  const v1 = existsSync('/sys/fs/cgroup/memory');
  const limit = (): Promise<string> =>
    readFile(
      v1 ? `/sys/fs/cgroup/memory${cgroupsPath}/memory.limit_in_bytes` : `/sys/fs/cgroup${cgroupsPath}/memory.max`,
      'utf8',
    );
  assert.equal(Number(await limit()), 32 << 20);
  await node.runtime.updateContainerResources({
    containerId: id,
    annotations: {},
    linux: { ...(await node.status(id)).resources!.linux!, memoryLimitInBytes: 48 << 20 },
  });
  assert.equal(Number(await limit()), 48 << 20);
  assert.equal((await node.status(id)).resources?.linux?.memoryLimitInBytes, 48 << 20);
  const { stats } = await node.runtime.containerStats({ containerId: id });
  assert.ok(
    stats!.memory!.workingSetBytes!.value > 0 && stats!.cpu!.usageCoreNanoSeconds!.value > 0 && stats!.writableLayer,
  );
  const pods = await node.runtime.podSandboxStats({ podSandboxId: pod });
  assert.equal(pods.stats?.linux?.network?.defaultInterface?.name, 'eth0');
  const hungry = await node.run(pod, ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=100M', 'count=10'], {
    linux: { resources: { memoryLimitInBytes: 20 << 20 } },
    metadata: { name: 'hungry' },
  });
  const status = await node.exited(hungry);
  assert.deepEqual([status.reason, status.exitCode], ['OOMKilled', 137]);
});

test('stop: the signal, the grace, the kill', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const pod = await node.pod('stop');
  const polite = await node.run(pod, 'trap "echo bye; exit 4" TERM; while :; do sleep 0.1; done');
  await eventually(async () => (await node.exec(polite, 'ps')).out.includes('sleep'));
  await node.runtime.stopContainer({ containerId: polite, timeout: 30 });
  assert.deepEqual([(await node.status(polite)).exitCode, await node.log(polite)], [4, 'bye']);
  const deaf = await node.run(pod, 'trap "" TERM; while :; do sleep 1; done', {
    metadata: { name: 'deaf' },
    logPath: 'deaf.log',
  });
  await node.runtime.stopContainer({ containerId: deaf, timeout: 1 });
  assert.equal((await node.status(deaf)).exitCode, 137);
  await node.runtime.stopContainer({ containerId: deaf, timeout: 1 });
  await node.runtime.stopContainer({ containerId: 'a'.repeat(64), timeout: 1 });
  const unborn = await node.create(pod, 'true', { metadata: { name: 'unborn' } });
  await node.runtime.stopContainer({ containerId: unborn, timeout: 1 });
  assert.equal((await node.status(unborn)).state, 'CONTAINER_EXITED');
});

test('exec in place: output, exit code, what is missing, time that runs out', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const id = await node.run(await node.pod('exec'), 'sleep 1000');
  assert.deepEqual(await node.exec(id, 'echo out; echo err >&2; exit 9'), { out: 'out', err: 'err', code: 9 });
  await assert.rejects(
    node.runtime.execSync({ containerId: id, cmd: ['nonsense'], timeout: 0 }),
    /exec failed: unable to start container process: exec: "nonsense": executable file not found/,
  );
  await assert.rejects(node.exec(id, 'sleep 1234', 1), (error) => isCriError(error, 'DeadlineExceeded'));
  assert.doesNotMatch((await node.exec(id, 'ps')).out, /sleep 1234|\[sleep\]/, 'neither the process nor its remains');
  await node.runtime.stopContainer({ containerId: id, timeout: 0 });
  await assert.rejects(node.exec(id, 'true'), /is not running/);
});

test('logs go to the new file after a rotation', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const id = await node.run(await node.pod('rotate'), 'while :; do echo line; sleep 0.05; done');
  const { logPath } = await node.status(id);
  await eventually(async () => (await readFile(logPath, 'utf8').catch(() => '')).includes('line'));
  await rename(logPath, `${logPath}.1`);
  await node.runtime.reopenContainerLog({ containerId: id });
  await eventually(async () => (await readFile(logPath, 'utf8')).includes('line'));
});

test('events tell of everything, with the pod as it is', async () => {
  await using node = await TestNode.start();
  await node.busybox();
  const seen: string[] = [];
  const last: ContainerEventResponse[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const event of node.runtime.getContainerEvents({}, stop.signal)) {
      seen.push(
        `${event.containerEventType.replace(/CONTAINER_|_EVENT/g, '')} ${event.containersStatuses.map(({ state }) => state.slice(10)).join()}`,
      );
      last.push(event);
    }
  })();
  const pod = await node.pod('events');
  await node.exited(await node.run(pod, 'true'));
  await eventually(async () => seen.length >= 5);
  await node.runtime.removePodSandbox({ podSandboxId: pod });
  await eventually(async () => seen.length >= 8);
  stop.abort();
  await reading;
  assert.deepEqual(seen, [
    'CREATED ',
    'STARTED ',
    'CREATED CREATED',
    'STARTED RUNNING',
    'STOPPED EXITED',
    'STOPPED EXITED',
    'DELETED EXITED',
    'DELETED ',
  ]);
  assert.equal(last[0]?.podSandboxStatus?.metadata?.name, 'events');
});
