import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostFacts } from './host-facts.ts';
import { clusterNeeds, describePlan, etcdNeed, planInstall, refusal, type Installed } from './host-needs.mjs';
import { notesOf, problemsOf } from './preflight.ts';

const everything: Installed = { command: () => true, library: () => true };

function hasAllBut(...missing: string[]): Installed {
  const has = (name: string): boolean => !missing.includes(name);
  return { command: has, library: has };
}

const good: HostFacts = {
  has: everything,
  capabilities: 0x1ff_ffff_ffffn,
  controllers: new Set(['cpu', 'cpuset', 'memory', 'pids']),
  fileSystems: new Set(['ext4', 'overlay']),
  homeOnOverlay: false,
};

test('a machine that has everything is told nothing', () => {
  assert.equal(refusal({ platform: 'linux', uid: 0 }), undefined);
  assert.deepEqual(problemsOf(good), []);
  assert.deepEqual(notesOf(good), []);
});

test('another system, and another user, are told what it takes', () => {
  assert.equal(
    refusal({ platform: 'darwin', uid: 501 }),
    'Kedge runs containers on Linux, and this is darwin: use a Linux machine, or a virtual one',
  );
  assert.equal(
    refusal({ platform: 'linux', uid: 1000 }),
    'making network namespaces and cgroups takes root: run the same command as root, or with sudo',
  );
});

test('what is missing is named, with the command that brings it', () => {
  assert.deepEqual(problemsOf({ ...good, has: hasAllBut('runc', 'crun', 'nft', 'libatomic.so.1') }), [
    'missing on this machine: libatomic.so.1 (to run Node.js 26), runc or crun (to run containers), ' +
      'nft (to lead Services to pods). As root, run: apt-get install libatomic1 runc nftables',
  ]);
  assert.equal(planInstall(clusterNeeds, hasAllBut('runc')), undefined, 'crun does as well');
});

test('several servers need an etcd, and only they', () => {
  const facts = { ...good, has: hasAllBut('etcd') };
  assert.deepEqual(problemsOf(facts), []);
  assert.deepEqual(problemsOf(facts, [...clusterNeeds, etcdNeed]), [
    'missing on this machine: etcd (to keep the state of several servers). As root, run: apt-get install etcd-server',
  ]);
});

test('each package manager has its own names for packages', () => {
  const missing = ['runc', 'crun', 'ip', 'conntrack', 'mount', 'nsenter'];
  const commandFor = (manager: string): string => {
    const has = (name: string): boolean => name === manager || !(missing.includes(name) || managers.includes(name));
    const plan = planInstall(clusterNeeds, { command: has, library: has });
    return /run: (.*)$/.exec(plan ? describePlan(plan) : '')?.[1] ?? '';
  };
  const managers = ['apt-get', 'dnf', 'apk', 'pacman', 'zypper'];
  assert.deepEqual(managers.map(commandFor), [
    'apt-get install runc conntrack iproute2 util-linux mount',
    'dnf install runc conntrack-tools iproute util-linux',
    'apk add runc conntrack-tools iproute2 util-linux',
    'pacman -S runc conntrack-tools iproute2 util-linux',
    'zypper install runc conntrack-tools iproute2 util-linux',
  ]);
});

test('a machine without a package manager that we know is told what Debian calls the packages', () => {
  const has = hasAllBut('conmon', 'apt-get', 'dnf', 'apk', 'pacman', 'zypper');
  assert.deepEqual(problemsOf({ ...good, has }), [
    'missing on this machine: conmon (to hold containers). Install the packages that bring them; Debian calls them conmon',
  ]);
});

test('a root without power, and a kernel without cgroups, are told what to change', () => {
  assert.deepEqual(problemsOf({ ...good, capabilities: 0xa80425fbn, controllers: new Set() }), [
    'this root lacks CAP_SYS_ADMIN and CAP_NET_ADMIN. In a container, give it all: docker run --privileged',
    'no cgroups are mounted on this machine. As root, run: mount -t cgroup2 cgroup2 /sys/fs/cgroup',
  ]);
  assert.deepEqual(problemsOf({ ...good, controllers: new Set(['cpu', 'pids']) }), [
    'missing on this machine: the cgroup controller memory. Add "cgroup_enable=memory" to the command line of the kernel, and boot',
  ]);
});

test('without overlays a cluster runs, and says what that costs', () => {
  assert.match(notesOf({ ...good, fileSystems: new Set(['ext4']) }).join(), /no overlayfs.*"modprobe overlay"/);
  assert.match(notesOf({ ...good, homeOnOverlay: true }).join(), /on an overlay itself.*Set KEDGE_HOME/);
});
