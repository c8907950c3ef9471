/** The commands of kubectl that administrators and debuggers use, and its own: what `kubectl-objects` and `kubectl-containers` leave out. */
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createCsr, parseCertificate } from '#wire';
import { TestCluster } from '../support/cluster.ts';
import { busybox, deployment, pod } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import { until } from '../support/until.ts';

describe('the other commands of kubectl', { skip: cannotRun(), concurrency: 4 }, () => {
  let cluster: TestCluster;
  before(async () => void (cluster = await TestCluster.up('--nodes', '2')));
  after(() => cluster?.[Symbol.asyncDispose]());

  test('create makes what has a command of its own, and describe tells about it', async () => {
    const ns = await cluster.namespace('create-more');
    const made = async (kind: string, name: string, ...options: string[]): Promise<void> => {
      assert.match(await ns.kubectl('create', ...kind.split(' '), name, ...options), /created\n$/);
    };
    await made('cronjob', 'nightly', `--image=${busybox}`, '--schedule=0 3 * * *', '--', 'true');
    await made('job', 'once', '--from=cronjob/nightly');
    await made('ingress', 'web', '--rule=a.example/shop*=web:80,tls=certificate', '--class=fast');
    await made('pdb', 'web', '--selector=app=web', '--min-available=1');
    await made('quota', 'few', '--hard=pods=10,services=2');
    await made('service clusterip', 'inner', '--tcp=80:8080');
    await made('service nodeport', 'outer', '--tcp=80:8080');
    assert.match(await ns.kubectl('describe', 'cronjob', 'nightly'), /Schedule: +0 3 \* \* \*\n/);
    assert.match(await ns.kubectl('describe', 'job', 'once'), /Parallelism: +1\n/);
    assert.match(
      await ns.kubectl('describe', 'ingress', 'web'),
      /Ingress Class: +fast\n[^]*a\.example +\n +\/shop +web:80/,
    );
    assert.match(await ns.kubectl('describe', 'pdb', 'web'), /Min available: +1\nSelector: +app=web\n/);
    await ns.until(['quota', 'few'], ({ status }) => assert.equal(status.used.services, '2'));
    assert.match(await ns.kubectl('describe', 'quota', 'few'), /pods +0 +10\nservices +2 +2\n/);
    assert.match(
      await ns.fail(['create', 'service', 'externalname', 'third', '--external-name=a.example']),
      /exceeded quota: few/,
    );
    assert.match(
      await ns.kubectl('get', 'ingress,pdb,cronjob,quota'),
      /ingress\.networking\.k8s\.io\/web +fast +a\.example +80, 443 /,
    );
  });

  test('create makes what belongs to the cluster', async () => {
    const name = `all-${cluster.name}`;
    const create = (...args: string[]): Promise<string> => cluster.kubectl('create', ...args);
    assert.match(await create('clusterrole', name, '--verb=get', '--resource=pods'), /created\n$/);
    assert.match(await create('clusterrolebinding', name, `--clusterrole=${name}`, '--user=jane'), /created\n$/);
    assert.match(await create('priorityclass', name, '--value=1000', '--description=first'), /created\n$/);
    assert.match(await cluster.kubectl('describe', 'clusterrole', name), /pods +\[\] +\[\] +\[get\]\n/);
    assert.match(await cluster.kubectl('describe', 'priorityclass', name), /Value: +1000\n/);
    assert.equal(await cluster.kubectl('auth', 'can-i', 'get', 'pods', '--as=jane'), 'yes\n');
    assert.match(
      await cluster.kubectl('set', 'subject', 'clusterrolebinding', name, '--user=joe'),
      /subjects updated\n$/,
    );
    assert.equal(await cluster.kubectl('auth', 'can-i', 'get', 'pods', '--as=joe'), 'yes\n');
  });

  test('autoscale makes an autoscaler, which top has no figures for', async () => {
    const ns = await cluster.namespace('autoscale');
    await ns.apply(deployment('web', {}, { replicas: 0 }));
    assert.match(
      await ns.kubectl('autoscale', 'deployment', 'web', '--min=1', '--max=3', '--cpu=80%'),
      /web autoscaled\n$/,
    );
    assert.match(await ns.kubectl('get', 'hpa', 'web'), /\nweb +Deployment\/web +cpu: <unknown>\/80% +1 +3 /);
    assert.match(await ns.kubectl('describe', 'hpa', 'web'), /Max replicas: +3\n/);
    assert.match(await ns.fail(['top', 'pods']), /Metrics API not available/);
  });

  test('set changes environment, resources, accounts, images and selectors', async () => {
    const ns = await cluster.namespace('set');
    await ns.apply(deployment('web', {}, { replicas: 0 }));
    await ns.kubectl('create', 'service', 'clusterip', 'web', '--tcp=80');
    await ns.kubectl('set', 'env', 'deployment/web', 'COLOR=blue');
    assert.match(await ns.kubectl('set', 'env', 'deployment/web', '--list'), /^COLOR=blue$/m);
    await ns.kubectl('set', 'resources', 'deployment/web', '--limits=cpu=200m');
    await ns.kubectl('set', 'serviceaccount', 'deployment/web', 'robot');
    await ns.kubectl('set', 'image', 'deployment/web', 'main=kedge.test/other:1');
    await ns.kubectl('set', 'selector', 'service', 'web', 'tier=front');
    const { spec } = (await ns.get('deployment', 'web')).spec.template;
    assert.equal(spec.serviceAccountName, 'robot');
    const [{ image, resources }] = spec.containers;
    assert.deepEqual([image, resources], ['kedge.test/other:1', { limits: { cpu: '200m' } }]);
    assert.deepEqual((await ns.get('service', 'web')).spec.selector, { tier: 'front' });
  });

  test('kustomize prints what apply -k, diff -k, get -k and delete -k work on', async () => {
    const ns = await cluster.namespace('kustomize');
    const folder = join(cluster.home, 'kustomize');
    await mkdir(folder);
    const generator =
      'namePrefix: pre-\nconfigMapGenerator: [{name: settings, literals: [a=1]}]\nresources: [service.yaml]\n';
    await writeFile(join(folder, 'kustomization.yaml'), generator);
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n';
    await writeFile(join(folder, 'service.yaml'), service);
    assert.match(await ns.kubectl('kustomize', folder), /name: pre-settings-\w+\n/);
    assert.match(
      await ns.kubectl('apply', '-k', folder),
      /configmap\/pre-settings-\w+ created\nservice\/pre-web created\n/,
    );
    assert.equal(await ns.kubectl('diff', '-k', folder), '');
    assert.match(
      await ns.kubectl('get', '-k', folder, '-o', 'name'),
      /^configmap\/pre-settings-\w+\nservice\/pre-web\n$/,
    );
    assert.match(await ns.kubectl('delete', '-k', folder), /"pre-web" deleted/);
  });

  test('certificate approves and denies requests', async () => {
    const ask = async (name: string): Promise<void> => {
      const { csrPem } = await createCsr({ commonName: name, organizations: ['dev'] });
      const request = {
        apiVersion: 'certificates.k8s.io/v1',
        kind: 'CertificateSigningRequest',
        metadata: { name },
        spec: {
          request: Buffer.from(csrPem).toString('base64'),
          signerName: 'kubernetes.io/kube-apiserver-client',
          usages: ['client auth'],
        },
      };
      await cluster.tryKubectl(['create', '-f', '-'], { input: JSON.stringify(request) });
    };
    await Promise.all(['good', 'bad'].map(ask));
    assert.match(await cluster.kubectl('get', 'csr', 'good'), / kubernetes-admin +<none> +Pending\n$/);
    assert.match(await cluster.kubectl('certificate', 'approve', 'good'), /good approved\n$/);
    assert.match(await cluster.kubectl('certificate', 'deny', 'bad'), /bad denied\n$/);
    await until(
      () => cluster.kubectl('get', 'csr', 'good'),
      (text) => assert.match(text, / Approved,Issued\n$/),
    );
    const issued = await cluster.kubectl('get', 'csr', 'good', '-o', 'jsonpath={.status.certificate}');
    assert.equal(parseCertificate(Buffer.from(issued, 'base64')).commonName, 'good');
    assert.match(await cluster.kubectl('get', 'csr', 'bad'), / Denied\n$/);
    assert.match(await cluster.kubectl('describe', 'csr', 'good'), /Common Name: +good\n/);
  });

  test('debug looks into a running pod, into a copy of it, and at a node', async () => {
    const ns = await cluster.namespace('debug');
    await ns.apply(pod('main'));
    await ns.waitFor('condition=Ready', 'pod/main');
    const debug = (target: string, ...args: string[]): Promise<string> =>
      ns.kubectl(
        'debug',
        target,
        `--image=${busybox}`,
        '--image-pull-policy=IfNotPresent',
        '--profile=general',
        ...args,
      );
    await debug(
      'main',
      '--target=main',
      '-c',
      'look',
      '--',
      'sh',
      '-c',
      'echo inside $(hostname); cat /proc/1/cmdline',
    );
    await until(
      () => ns.logs('main', '-c', 'look'),
      (text) => assert.match(text, /^inside main\n[^]*trap/), // the process of the container whose namespace it shares
    );
    await debug('main', '--copy-to=copy', '-c', 'beside', '--', 'sleep', '3600');
    const copied = await ns.get('pod', 'copy');
    assert.deepEqual(
      copied.spec.containers.map(({ name }: { name: string }) => name),
      ['main', 'beside'],
    );
    const [node] = (await cluster.kubectl('get', 'nodes', '-o', 'name')).split('\n');
    const said = await debug(node ?? '', '--', 'sh', '-c', 'ls /host/etc/passwd');
    const name = /node-debugger-\S+/.exec(said)?.[0] ?? '';
    await until(
      () => ns.logs(name),
      (text) => assert.equal(text, '/host/etc/passwd\n'),
    );
  });

  test('cordon, drain, uncordon and taint clear a node and give it back', async () => {
    const ns = await cluster.namespace('drain');
    const [, node = ''] = (await cluster.kubectl('get', 'nodes', '-o', 'name')).trim().split('\n');
    const name = node.replace('node/', '');
    await ns.apply(deployment('web', {}, { replicas: 1 }, { affinity: prefers(name) }));
    await ns.waitFor('condition=Available', 'deployment/web');
    const [before] = (await ns.get('pods')).items;
    assert.equal(before.spec.nodeName, name);
    assert.match(await cluster.kubectl('cordon', name), / cordoned\n$/);
    const drained = await ns.kubectl('drain', name, '--pod-selector=app=web', '--timeout=60s');
    assert.match(drained, /pod\/web-\S+ evicted\nnode\/\S+ drained\n$/);
    await ns.until(['pods'], ({ items }) => {
      assert.equal(items.length, 1);
      assert.notEqual(items[0].spec.nodeName, name);
    });
    assert.match(await cluster.kubectl('uncordon', name), / uncordoned\n$/);
    assert.match(await cluster.kubectl('taint', 'nodes', name, 'only=tests:NoSchedule'), / tainted\n$/);
    assert.match(await cluster.kubectl('describe', 'node', name), /Taints: +only=tests:NoSchedule\n/);
    assert.match(await cluster.kubectl('taint', 'nodes', name, 'only-'), / untainted\n$/);
  });

  test('auth tells who one is and reconciles roles', async () => {
    const ns = await cluster.namespace('auth');
    assert.match(
      await ns.kubectl('auth', 'whoami'),
      /Username +kubernetes-admin\nGroups +\[system:masters system:authenticated\]\n/,
    );
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'reader', namespace: ns.name },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    };
    const reconcile = async (verbs: string[]): Promise<string> => {
      const input = JSON.stringify({ ...role, rules: [{ ...role.rules[0], verbs }] });
      const { stdout, stderr } = await ns.try(['auth', 'reconcile', '-f', '-'], { input });
      return stdout + stderr;
    };
    assert.match(await reconcile(['get']), /reader reconciled\n\treconciliation required create\n/);
    assert.match(await reconcile(['get', 'list']), /reconciliation required update\n\tmissing rules added:\n/);
    const { rules } = await ns.get('role', 'reader');
    const verbs: string[] = rules.flatMap((rule: { verbs: string[] }) => rule.verbs);
    assert.deepEqual([...new Set(verbs)].sort(), ['get', 'list']);
  });

  test('cluster-info dump writes down what a namespace holds', async () => {
    const ns = await cluster.namespace('dump');
    await ns.apply(pod('main'));
    await ns.waitFor('condition=Ready', 'pod/main');
    const folder = join(cluster.home, 'dump');
    await cluster.kubectl('cluster-info', 'dump', '--namespaces', ns.name, `--output-directory=${folder}`);
    const files = await readdir(join(folder, ns.name), { recursive: true });
    for (const name of ['pods.json', 'events.json', 'main/logs.txt']) assert.ok(files.includes(name), name);
  });

  for (const args of [
    ['options'],
    ['completion', 'bash'],
    ['alpha', 'kuberc', '--help'],
    ['config', 'view'],
    ['plugin', '--help'],
  ])
    test(`${args.join(' ')} runs`, async () => assert.notEqual(await cluster.kubectl(...args), ''));
});

function prefers(node: string): object {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }];
  return {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: { matchExpressions } }],
    },
  };
}
