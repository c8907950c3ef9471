/** Three servers on three members of a real etcd: what ends of them is missed by nobody, and brought back. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { execute } from '#base';
import { hasEtcd } from '../../src/etcd/testing/etcd-cluster.ts';
import { TestCluster } from '../support/cluster.ts';
import { appeared, machineState } from '../support/machine-state.ts';
import { configMap, pod, webServer } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import { until } from '../support/until.ts';

describe('three servers', { skip: cannotRun() || (!hasEtcd && 'etcd is not installed') }, () => {
  let untouched: ReadonlySet<string>;
  let cluster: TestCluster;
  before(async () => {
    untouched = await machineState();
    cluster = await TestCluster.up('--servers', '3');
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  const kill = async (...names: string[]): Promise<void> => {
    const processes = await cluster.processes();
    for (const name of names) process.kill(processes.get(name) ?? assert.fail(`no ${name}`), 'SIGKILL');
  };
  const bringBack = (): Promise<string> => cluster.kedge('up', '--name', cluster.name);
  const status = async (): Promise<string> => (await cluster.tryKedge('status', '--name', cluster.name)).stdout;

  test('each of them is shown, and one member leads', async () => {
    const shown = await status();
    assert.equal(shown.match(/^etcd-\d +\S+ +running +(leader|follower)$/gm)?.length, 3, shown);
    assert.equal(shown.match(/ leader$/gm)?.length, 1, shown);
    assert.equal(shown.match(/^server-\d +\S+ +running +listening$/gm)?.length, 3, shown);
    const addresses = await cluster.kubectl(
      'get',
      'endpoints',
      'kubernetes',
      '-o',
      'jsonpath={.subsets[*].addresses[*].ip}',
    );
    assert.equal(addresses.split(' ').length, 3, addresses);
  });

  test('pods run, and one of each can end meanwhile', async () => {
    const ns = await cluster.namespace('goes-on');
    await ns.apply(pod('first', webServer()));
    await ns.waitFor('condition=Ready', 'pod', '--all');
    await kill('etcd-1', 'server-1');
    await until(
      () => ns.apply(pod('second', webServer())),
      () => {},
    );
    await ns.waitFor('condition=Ready', 'pod', '--all');
    assert.match(await status(), /^etcd-1 +\S+ +stopped +unreachable$/m);
    await bringBack();
    await until(status, (shown) => assert.equal(shown.match(/ running +(leader|follower)$/gm)?.length, 3, shown));
  });

  test('a server that is paused is left out, and gets connections when it goes on', async () => {
    const processes = await cluster.processes();
    const send = (signal: 'SIGSTOP' | 'SIGCONT', ...names: string[]): void => {
      for (const name of names) process.kill(processes.get(name) ?? assert.fail(`no ${name}`), signal);
    };
    /** More connections than there are servers, one after another: none goes to a server that does not answer. */
    const answers = async (): Promise<void> => {
      for (let n = 0; n < 6; n++) await cluster.kubectl('get', '--raw', '/readyz', '--request-timeout', '5s');
    };
    const allListen = (): Promise<string> =>
      until(status, (shown) => assert.equal(shown.match(/ listening$/gm)?.length, 3, shown));
    await allListen();
    const ns = await cluster.namespace('paused');
    for (const paused of [['server-1'], ['server-2', 'server-3']]) {
      send('SIGSTOP', ...paused);
      try {
        const writing = Promise.all(
          [1, 2, 3].map((n) =>
            until(
              () => ns.apply(configMap(`${paused[0]}-${n}`, {})),
              () => {},
            ),
          ),
        );
        await until(answers, () => {});
        await writing;
        for (const name of paused) assert.match(await status(), new RegExp(`^${name} +\\S+ +running +silent$`, 'm'));
      } finally {
        send('SIGCONT', ...paused);
      }
      await allListen();
    }
    const there = await ns.kubectl('get', 'configmaps', '-o', 'name');
    assert.equal(there.match(/server-\d-\d/g)?.length, 6, there);
  });

  test('the leading member is cut off: writing goes on with the others, and it comes back by itself', async () => {
    const leader = /^(etcd-\d) .* leader$/m.exec(await status())?.[1] ?? assert.fail('no member leads');
    const pid = (await cluster.processes()).get(leader);
    const inItsNetwork = (...words: string[]): Promise<string> =>
      execute(['nsenter', `--net=/proc/${pid}/ns/net`, 'nft', ...words]);
    const drop = (hook: string): string => `chain ${hook} { type filter hook ${hook} priority 0; policy drop; };`;
    await inItsNetwork(`table inet cut { ${drop('input')} ${drop('output')} }`);
    const ns = await cluster.namespace('cut-off').catch(() => cluster.namespace('cut-off-again'));
    for (let n = 0; n < 5; n++) {
      await until(
        () => ns.apply(configMap(`written-${n}`, {})),
        () => {},
      );
    }
    await until(status, (shown) =>
      assert.match(shown, new RegExp(`^${leader} +\\S+ +running +(silent|unreachable)`, 'm')),
    );
    await inItsNetwork('delete', 'table', 'inet', 'cut');
    await until(status, (shown) => assert.equal(shown.match(/ running +(leader|follower)$/gm)?.length, 3, shown));
    const there = await ns.kubectl('get', 'configmaps', '-o', 'name');
    assert.equal(there.match(/written-\d/g)?.length, 5, there);
  });

  test('without a majority it is said, and what was is there again with it', async () => {
    await kill('etcd-2', 'etcd-3');
    const words = /etcd has lost its quorum: 0 of 3 members agree on a leader, and nothing can be written/;
    await until(status, (shown) => assert.match(shown, words));
    const { stderr } = await cluster.tryKubectl(['create', 'configmap', 'never', '-n', 'default']);
    assert.match(stderr, /etcdserver: (request timed out|no leader)/);
    await bringBack();
    await cluster.kubectl('create', 'configmap', 'again', '-n', 'default');
    assert.match(await cluster.kubectl('get', 'pods', '-n', 'goes-on'), /first.*Running[^]*second.*Running/);
  });

  test('it leaves nothing behind', async () => {
    await cluster.kedge('down', '--name', cluster.name);
    await until(machineState, (now) => assert.deepEqual(appeared(untouched, now, [cluster.name, cluster.home]), []));
  });
});
