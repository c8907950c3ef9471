/** Helm 4 with a chart of some size: every command that speaks to a cluster, or to a registry of charts. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runProcess, type ProcessResult } from '#base';
import { TestCluster } from '../support/cluster.ts';
import { cannotRun } from '../support/requirements.ts';
import { startRegistry } from '../support/registry.ts';
import { helmPath, root } from '../support/tools.ts';
import { until } from '../support/until.ts';

const chart = join(root, 'test/e2e/charts/shop');

describe('Helm', { skip: cannotRun('docker-registry'), concurrency: 4 }, () => {
  let cluster: TestCluster;
  let helm: string;

  before(async () => {
    [cluster, helm] = await Promise.all([TestCluster.up(), helmPath()]);
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  const attempt = (args: string[]): Promise<ProcessResult> =>
    runProcess([helm, ...args], {
      env: { ...cluster.env, HELM_CACHE_HOME: cluster.home, HELM_CONFIG_HOME: cluster.home },
    });

  /** Runs helm; returns what it printed, throws with what it said when it fails. */
  async function run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await attempt(args);
    assert.equal(code, 0, `helm ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  }

  test('a chart is installed, upgraded, rolled back, tested and uninstalled', async () => {
    await cluster.namespace('shop');
    const inShop = ['-n', 'shop'];
    const installed = await run('install', 'corner', chart, ...inShop, '--wait', '--timeout', '90s');
    assert.match(installed, /STATUS: deployed\nREVISION: 1\n[^]*corner serves 2 windows and says "welcome"/);
    assert.match(await run('test', 'corner', ...inShop, '--logs'), /Phase:\s+Succeeded[^]*web welcome/);

    const upgraded = ['upgrade', 'corner', chart, ...inShop, '--wait', '--timeout', '90s'];
    await run(...upgraded, '--set', 'greeting=good evening,web.replicas=3,ingress.enabled=false');
    const greeting = () => cluster.kubectl(...inShop, 'get', 'configmap', 'corner', '-o', 'jsonpath={.data.greeting}');
    assert.equal(await greeting(), 'good evening');
    assert.equal(await cluster.kubectl(...inShop, 'get', 'ingress', '-o', 'name'), '');
    assert.match(await cluster.kubectl(...inShop, 'get', 'deployment', 'corner-web'), / 3\/3 /);

    const broken = await attempt([...upgraded, '--set', 'web.replicas=-1']);
    assert.notEqual(broken.code, 0);
    assert.match(broken.stderr, /spec.replicas: Invalid value: -1: must be greater than or equal to 0/);

    await run('rollback', 'corner', '1', ...inShop, '--wait', '--timeout', '90s');
    assert.equal(await greeting(), 'welcome');
    assert.equal(
      await cluster.kubectl(...inShop, 'get', 'ingress', '-o', 'name'),
      'ingress.networking.k8s.io/corner\n',
    );
    const history: { status: string }[] = JSON.parse(await run('history', 'corner', ...inShop, '-o', 'json'));
    assert.deepEqual(
      history.map(({ status }) => status),
      ['superseded', 'superseded', 'failed', 'deployed'],
    );

    assert.match(await run('list', '-A'), /corner\s+shop\s+4\s+.*deployed\s+shop-1\.0\.0/);
    assert.match(await run('status', 'corner', ...inShop), /STATUS: deployed\nREVISION: 4/);
    assert.match(await run('get', 'all', 'corner', ...inShop), /USER-SUPPLIED VALUES[^]*HOOKS:[^]*MANIFEST:/);
    assert.equal(
      JSON.parse(await run('get', 'values', 'corner', ...inShop, '--revision', '2', '-o', 'json')).greeting,
      'good evening',
    );
    assert.match(await run('get', 'manifest', 'corner', ...inShop), /kind: NetworkPolicy/);
    assert.match(await run('get', 'hooks', 'corner', ...inShop), /name: corner-prepare/);
    assert.match(await run('get', 'notes', 'corner', ...inShop), /corner serves 2 windows/);
    assert.equal(JSON.parse(await run('get', 'metadata', 'corner', ...inShop, '-o', 'json')).status, 'deployed');

    await run('uninstall', 'corner', ...inShop, '--wait', '--timeout', '90s');
    const kinds = 'deployment,service,pdb,configmap,secret,role,rolebinding,networkpolicy,hpa,ingress,serviceaccount';
    const left = await cluster.kubectl(...inShop, 'get', kinds, '-o', 'name');
    assert.deepEqual(left.trim().split('\n').sort(), ['configmap/kube-root-ca.crt', 'serviceaccount/default']);
  });

  test('upgrade --install makes a release and its namespace; a failed one is rolled back; --dry-run=server changes nothing', async () => {
    const common = ['upgrade', '--install', 'stall', chart, '-n', 'market', '--create-namespace', '--timeout', '60s'];
    const dry = await run(...common.slice(0, -2), '--dry-run=server');
    assert.match(dry, /kind: HorizontalPodAutoscaler/);
    assert.notEqual((await cluster.tryKubectl(['get', 'namespace', 'market'])).code, 0);
    await run(...common, '--wait');
    const failed = await attempt([
      ...common.slice(0, -1),
      '3s',
      '--set',
      'image=kedge.test/absent:1',
      '--rollback-on-failure',
    ]);
    assert.notEqual(failed.code, 0);
    const image = 'jsonpath={.spec.template.spec.containers[0].image}';
    await until(
      () => cluster.kubectl('-n', 'market', 'get', 'deployment', 'stall-web', '-o', image),
      (now) => assert.equal(now, 'kedge.test/busybox:1'),
    );
    await run('uninstall', 'stall', '-n', 'market');
  });

  test('what another manager set stays unless it is forced: server-side apply by Helm', async () => {
    await cluster.namespace('shared');
    const release = ['shared', chart, '-n', 'shared', '--set', 'autoscaling.enabled=false'];
    await run('install', ...release);
    const entries = await cluster.kubectl(
      '-n',
      'shared',
      'get',
      'deployment',
      'shared-web',
      '--show-managed-fields',
      '-o',
      'jsonpath={range .metadata.managedFields[*]}{.manager} {.operation}{"\\n"}{end}',
    );
    assert.match(entries, /^helm Apply$/m);
    await cluster.kubectl('-n', 'shared', 'scale', 'deployment', 'shared-web', '--replicas=1');
    const refused = await attempt(['upgrade', ...release, '--set', 'web.replicas=3']);
    assert.match(refused.stderr, /conflict.*with "kubectl".*\.spec\.replicas/s);
    await run('upgrade', ...release, '--set', 'web.replicas=3', '--force-conflicts');
    assert.equal(
      await cluster.kubectl('-n', 'shared', 'get', 'deployment', 'shared-web', '-o', 'jsonpath={.spec.replicas}'),
      '3',
    );
    await run('uninstall', 'shared', '-n', 'shared');
  });

  test('charts are made, checked, packed, pushed to a registry, found and pulled', async () => {
    const folder = join(cluster.home, 'charts');
    await mkdir(folder);
    await run('create', join(folder, 'fresh'));
    await run('lint', chart, join(folder, 'fresh'));
    assert.match(await run('template', 'x', chart, '--show-only', 'templates/edge.yaml'), /kind: Ingress/);
    assert.match(await run('show', 'all', chart), /greeting: welcome/);
    await run('package', chart, '-d', folder);
    await run('dependency', 'list', chart);
    await run('dependency', 'update', join(folder, 'fresh'));
    await run('repo', 'index', folder);
    await using registry = await startRegistry(cluster.home);
    await run('push', join(folder, 'shop-1.0.0.tgz'), `oci://${registry.address}/charts`, '--plain-http');
    await run(
      'pull',
      `oci://${registry.address}/charts/shop`,
      '--version',
      '1.0.0',
      '--plain-http',
      '-d',
      join(folder, 'fresh'),
    );
    await cluster.namespace('pulled');
    await run('install', 'pulled', `oci://${registry.address}/charts/shop`, '--plain-http', '-n', 'pulled');
    await run('uninstall', 'pulled', '-n', 'pulled');
    assert.match(await run('version'), /v4\./);
    assert.match(await run('env'), /HELM_NAMESPACE="default"/);
  });
});
