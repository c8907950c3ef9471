import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { findCgroups } from '#base';
import { join } from 'node:path';
import { test } from 'node:test';
import { Capability, ContainerConfig, LinuxContainerSecurityContext } from '#cri';
import { allowedOomScore } from '../machine.ts';
import { allCapabilities, capabilitiesOfMask, capabilitySets } from './capabilities.ts';
import { bindMount, orderMounts } from './mounts.ts';
import { commandLine, environment } from './process.ts';
import { readInRoot } from './read-in-root.ts';
import { defaultSeccomp } from './seccomp.ts';
import { resolveUser } from './user.ts';

const available = new Set(allCapabilities);
const sets = (wanted: object, privileged = false) => capabilitySets(Capability.of(wanted), { privileged, available });

test('capabilities: defaults, ALL, names with and without CAP_, what we have not got', () => {
  assert.equal(sets({}).bounding.length, 14);
  assert.deepEqual(sets({ dropCapabilities: ['ALL'], addCapabilities: ['net_raw', 'CAP_KILL'] }).effective.sort(), [
    'CAP_KILL',
    'CAP_NET_RAW',
  ]);
  assert.ok(!sets({ dropCapabilities: ['KILL'] }).bounding.includes('CAP_KILL'));
  assert.equal(sets({ addCapabilities: ['ALL'] }).bounding.length, allCapabilities.length);
  assert.deepEqual(sets({}).inheritable, []);
  const mask = capabilitiesOfMask(0x1fffeffffffn);
  assert.equal(mask.has('CAP_SYS_RESOURCE'), false);
  assert.ok(!capabilitySets(undefined, { privileged: true, available: mask }).bounding.includes('CAP_SYS_RESOURCE'));
});

test('seccomp: what a capability allows, and clone without namespaces', () => {
  const names = (capabilities: string[]): string[] => defaultSeccomp(capabilities).syscalls?.[0]?.names ?? [];
  assert.ok(names([]).includes('openat') && !names([]).includes('mount') && !names([]).includes('clone3'));
  assert.ok(names(['CAP_SYS_ADMIN']).includes('mount') && names(['CAP_SYS_ADMIN']).includes('clone3'));
  assert.ok(!names([]).includes('io_uring_setup') && !names([]).includes('keyctl'));
});

test('mounts: volumes take the place of defaults, parents come first', () => {
  const order = orderMounts(
    [bindMount('x', '/etc/hosts'), bindMount('y', '/dev')],
    [bindMount('v', '/a/b/c'), bindMount('w', '/etc/hosts'), bindMount('u', '/a')],
  );
  assert.deepEqual(
    order.map(({ source }) => source),
    ['y', 'u', 'w', 'v'],
  );
});

test('process: command, arguments and environment', () => {
  const image = {
    rootfs: { type: 'layers', diff_ids: [] },
    config: { Entrypoint: ['e'], Cmd: ['c'], Env: ['A=1', 'PATH=/x'] },
  };
  const line = (init: object) => commandLine(ContainerConfig.of(init), image);
  assert.deepEqual(
    [line({}), line({ args: ['a'] }), line({ command: ['k'] }), line({ command: ['k'], args: ['a'] })],
    [['e', 'c'], ['e', 'a'], ['k'], ['k', 'a']],
  );
  assert.throws(() => commandLine(ContainerConfig.of({}), { rootfs: image.rootfs }), /no command specified/);
  const env = environment(
    ContainerConfig.of({ tty: true, envs: [{ key: 'A', value: Buffer.from('2=3') }] }),
    image,
    'h',
  );
  assert.deepEqual(env, ['PATH=/x', 'A=2=3', 'TERM=xterm', 'HOSTNAME=h']);
});

test('users are looked up in the image, never outside of it', async () => {
  const root = await mkdtemp(join(tmpdir(), 'kedge-user-'));
  try {
    await mkdir(join(root, 'etc'));
    await mkdir(join(root, 'real'));
    await writeFile(join(root, 'real/passwd'), 'root:x:0:0::/:\nweb:x:33:34::/:\n');
    await symlink('/real/passwd', join(root, 'etc/passwd'));
    await writeFile(join(root, 'etc/group'), 'web:x:34:\nlog:x:44:web,root\n');
    await symlink('../../../../../../etc/shadow', join(root, 'outside'));
    await symlink('loop', join(root, 'loop'));
    assert.equal(await readInRoot(root, '/outside'), undefined);
    assert.equal(await readInRoot(root, '/loop'), undefined);
    assert.deepEqual(await resolveUser(root, 'web'), { uid: 33, gid: 34, additionalGids: [34, 44] });
    assert.deepEqual(await resolveUser(root, '33:log'), { uid: 33, gid: 44, additionalGids: [44] });
    assert.deepEqual(await resolveUser(root, ''), { uid: 0, gid: 0, additionalGids: [0, 44] });
    assert.deepEqual(await resolveUser(root, '999'), { uid: 999, gid: 0, additionalGids: [0] });
    const strict = LinuxContainerSecurityContext.of({
      runAsUser: { value: 33 },
      supplementalGroups: [7],
      supplementalGroupsPolicy: 'Strict',
    });
    assert.deepEqual(await resolveUser(root, 'x', strict), { uid: 33, gid: 34, additionalGids: [34, 7] });
    await assert.rejects(resolveUser(root, 'nobody-here'), /unable to find user nobody-here/);
    await assert.rejects(resolveUser(root, 'web:none'), /unable to find group none/);
    await assert.rejects(
      resolveUser(root, 'web', { runAsGroup: { value: 7 } }),
      /user group "7" is specified without user/,
    );
  } finally {
    await rm(root, { recursive: true });
  }
});

test('cgroups: one tree, a tree for each controller, both', async () => {
  const v1 =
    '30 29 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n31 29 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n';
  const v2 = '30 29 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';
  const hybrid = `${v1}32 29 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`;
  assert.equal((await findCgroups(v1)).path('cpuacct', '/a'), '/sys/fs/cgroup/cpu,cpuacct/a');
  assert.equal((await findCgroups(v2)).path('memory', '/a'), '/sys/fs/cgroup/a');
  assert.deepEqual(
    [(await findCgroups(v1)).version, (await findCgroups(v2)).version, (await findCgroups(hybrid)).version],
    [1, 2, 1],
  );
  assert.equal((await findCgroups(hybrid)).roots.length, 3);
});

test('a process is made no safer than we are without the capability', () => {
  const machine = { oomScoreAdj: 100, hostname: '', appArmor: false };
  assert.equal(allowedOomScore({ ...machine, capabilities: new Set() }, -997), 100);
  assert.equal(allowedOomScore({ ...machine, capabilities: available }, -997), -997);
  assert.equal(allowedOomScore({ ...machine, capabilities: new Set() }, 1000), 1000);
});
