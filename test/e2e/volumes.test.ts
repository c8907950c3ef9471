/** What containers are given: files from ConfigMaps, Secrets, the downward API, the machine and the API, and environment. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { TestCluster } from '../support/cluster.ts';
import { configMap, container, pod, service, toolbox } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import { until } from '../support/until.ts';

/** A pod that mounts one volume at /data. */
const withVolume = (name: string, volume: object, mount: object = {}, fields: object = {}) =>
  pod(
    name,
    { volumeMounts: [{ name: 'data', mountPath: '/data', ...mount }], ...fields },
    { volumes: [{ name: 'data', ...volume }] },
  );

describe('volumes and environment', { skip: cannotRun(), concurrency: 4 }, () => {
  let cluster: TestCluster;
  before(async () => void (cluster = await TestCluster.up()));
  after(() => cluster?.[Symbol.asyncDispose]());

  test('a ConfigMap appears as files, and a change of it reaches the running container', async () => {
    const ns = await cluster.namespace('config-map');
    await ns.apply(
      configMap('settings', { colour: 'red', 'other.txt': 'x' }),
      withVolume('whole', { configMap: { name: 'settings', defaultMode: 0o400 } }),
      withVolume('chosen', {
        configMap: { name: 'settings', items: [{ key: 'colour', path: 'deep/c', mode: 0o640 }] },
      }),
      withVolume('single', { configMap: { name: 'settings' } }, { mountPath: '/etc/colour', subPath: 'colour' }),
      withVolume('optional', { configMap: { name: 'none', optional: true } }),
    );
    await ns.waitFor('condition=Ready', 'pod', '--all');
    assert.equal(await ns.exec('whole', 'ls', '/data'), 'colour\nother.txt\n');
    assert.equal(await ns.exec('whole', 'sh', '-c', 'stat -Lc %a /data/colour; cat /data/colour'), '400\nred');
    assert.equal(
      await ns.exec('chosen', 'sh', '-c', 'cat /data/deep/c; ls /data; stat -Lc %a /data/deep/c'),
      'reddeep\n640\n',
    );
    assert.equal(await ns.exec('single', 'cat', '/etc/colour'), 'red');
    assert.equal(await ns.exec('optional', 'ls', '/data'), '');
    await ns.apply(configMap('settings', { colour: 'blue', 'new.txt': 'y' }));
    await until(
      () => ns.exec('whole', 'sh', '-c', 'cat /data/colour; ls /data'),
      (text) => assert.equal(text, 'bluecolour\nnew.txt\n'),
      120_000,
    );
    assert.equal(await ns.exec('single', 'cat', '/etc/colour'), 'red');
  });

  test('a Secret appears as files in memory', async () => {
    const ns = await cluster.namespace('secret');
    await ns.apply(
      { kind: 'Secret', metadata: { name: 'keys' }, stringData: { token: 's3cret' } },
      withVolume('main', { secret: { secretName: 'keys', defaultMode: 0o400 } }),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.equal(await ns.exec('main', 'cat', '/data/token'), 's3cret');
    assert.match(await ns.exec('main', 'grep', ' /data ', '/proc/mounts'), /^\S+ \/data tmpfs ro/);
  });

  test('a pod waits for the ConfigMap or Secret that it mounts, and starts once it is there', async () => {
    const ns = await cluster.namespace('late');
    await ns.apply(withVolume('main', { configMap: { name: 'late' } }));
    await until(
      () => ns.kubectl('events'),
      (text) =>
        assert.match(
          text,
          /FailedMount +Pod\/main +MountVolume\.SetUp failed for volume "data" : configmap "late" not found/,
        ),
    );
    assert.match(await ns.kubectl('get', 'pod', 'main'), /main +0\/1 +ContainerCreating/);
    await ns.apply(configMap('late', { a: '1' }));
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.equal(await ns.exec('main', 'cat', '/data/a'), '1');
  });

  test('containers of a pod share an emptyDir, which goes with the pod and outlives a container', async () => {
    const ns = await cluster.namespace('empty-dir');
    const volumeMounts = [{ name: 'data', mountPath: '/data' }];
    const counting = container({
      volumeMounts,
      command: ['sh', '-c', 'echo life >> /data/lives; test $(busybox wc -l < /data/lives) = 2 && sleep 3600'],
    });
    const memory = { emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } };
    await ns.apply(
      pod(
        'main',
        {},
        {
          containers: [counting, container({ name: 'other', volumeMounts })],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      ),
      withVolume('memory', memory),
    );
    await ns.until(['pod', 'main'], ({ status }) =>
      assert.ok(status.containerStatuses.every(({ ready }: { ready: boolean }) => ready)),
    );
    assert.equal(await ns.kubectl('exec', 'main', '-c', 'other', '--', 'cat', '/data/lives'), 'life\nlife\n');
    await ns.waitFor('condition=Ready', 'pod/memory');
    assert.match(await ns.exec('memory', 'grep', ' /data ', '/proc/mounts'), /^tmpfs \/data tmpfs rw.*size=16384k/);
  });

  test('hostPath shows the files of the machine, as its type demands', async () => {
    const ns = await cluster.namespace('host-path');
    const folder = join(cluster.home, 'shared');
    await mkdir(folder);
    await writeFile(join(folder, 'in'), 'from the machine');
    await ns.apply(
      withVolume('main', { hostPath: { path: folder, type: 'Directory' } }),
      withVolume('made', { hostPath: { path: join(folder, 'made/here'), type: 'DirectoryOrCreate' } }),
      withVolume('wrong', { hostPath: { path: join(folder, 'none'), type: 'Directory' } }),
    );
    await ns.waitFor('condition=Ready', 'pod/main', 'pod/made');
    assert.equal(await ns.exec('main', 'sh', '-c', 'cat /data/in; echo back > /data/out'), 'from the machine');
    assert.equal(await readFile(join(folder, 'out'), 'utf8'), 'back\n');
    await until(
      () => ns.kubectl('events', '--for', 'pod/wrong'),
      (text) => assert.match(text, /FailedMount .*hostPath type check failed: \S+ is not a directory/),
    );
  });

  test('the downward API gives fields of the pod as files, which follow its labels, and as environment', async () => {
    const ns = await cluster.namespace('downward');
    const file = (path: string, fieldPath: string) => ({ path, fieldRef: { fieldPath } });
    const items = [
      file('labels', 'metadata.labels'),
      file('name', 'metadata.name'),
      { path: 'memory', resourceFieldRef: { containerName: 'main', resource: 'limits.memory', divisor: '1Mi' } },
    ];
    const from = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const env = [
      from('POD', 'metadata.name'),
      from('NS', 'metadata.namespace'),
      from('IP', 'status.podIP'),
      from('NODE', 'spec.nodeName'),
      from('ACCOUNT', 'spec.serviceAccountName'),
      from('TIER', `metadata.labels['tier']`),
      { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
    ];
    const main = withVolume(
      'main',
      { downwardAPI: { items } },
      {},
      { env, resources: { limits: { memory: '64Mi', cpu: '250m' } } },
    );
    await ns.apply({ ...main, metadata: { name: 'main', labels: { tier: 'front' } } });
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.equal(await ns.exec('main', 'sh', '-c', 'cat /data/name /data/labels /data/memory'), 'maintier="front"64');
    const ip = await ns.kubectl('get', 'pod', 'main', '-o', 'jsonpath={.status.podIP}');
    assert.equal(
      await ns.exec('main', 'sh', '-c', 'echo $POD $NS $IP $NODE $ACCOUNT $TIER $CPU'),
      `main downward ${ip} ${cluster.name}-1 default front 250\n`,
    );
    await ns.kubectl('label', 'pod', 'main', 'tier=back', '--overwrite');
    await until(
      () => ns.exec('main', 'cat', '/data/labels'),
      (text) => assert.equal(text, 'tier="back"'),
      120_000,
    );
  });

  test('environment comes from values, ConfigMaps, Secrets and Services, and may refer to what stands before it', async () => {
    const ns = await cluster.namespace('env');
    await ns.apply(
      configMap('settings', { A: 'from map', B: 'b' }),
      { kind: 'Secret', metadata: { name: 'keys' }, stringData: { token: 's3cret' } },
      service('early', { selector: {} }),
    );
    const key = (kind: string, name: string, key: string, more = {}) => ({ [kind]: { name, key, ...more } });
    await ns.apply(
      pod('main', {
        envFrom: [
          { configMapRef: { name: 'settings' } },
          { prefix: 'P_', configMapRef: { name: 'settings' } },
          { secretRef: { name: 'none', optional: true } },
        ],
        env: [
          { name: 'A', value: 'own' },
          { name: 'AB', value: '$(A) and $(B) and $(NONE) and $$(A)' },
          { name: 'TOKEN', valueFrom: key('secretKeyRef', 'keys', 'token') },
          { name: 'MAYBE', valueFrom: key('configMapKeyRef', 'settings', 'none', { optional: true }) },
        ],
        command: ['sh', '-c', 'env; echo arg: $0; sleep 3600', '$(A)!'],
      }),
    );
    const text = await until(
      () => ns.logs('main'),
      (logs) => assert.match(logs, /arg: /),
    );
    for (const line of [
      'A=own',
      'B=b',
      'P_A=from map',
      'AB=own and b and $(NONE) and $(A)',
      'TOKEN=s3cret',
      'arg: own!',
      'EARLY_SERVICE_PORT=80',
      'HOSTNAME=main',
    ])
      assert.ok(text.split('\n').includes(line), `${line} in ${text}`);
    assert.match(text, /^KUBERNETES_SERVICE_HOST=10\.96\.0\.1$/m);
    assert.doesNotMatch(text, /MAYBE/);
  });

  test('the token of its service account lets a pod ask the API, as far as roles allow', async () => {
    const ns = await cluster.namespace('token');
    await ns.kubectl('create', 'serviceaccount', 'robot');
    await ns.kubectl('create', 'role', 'reader', '--verb=get', '--resource=pods');
    await ns.kubectl('create', 'rolebinding', 'r', '--role=reader', '--serviceaccount=token:robot');
    const program = `
      const { readFileSync } = require('node:fs');
      const at = '/var/run/secrets/kubernetes.io/serviceaccount/';
      const ask = async (path) => {
        const headers = { authorization: 'Bearer ' + readFileSync(at + 'token', 'utf8') };
        const answer = await fetch('https://kubernetes.default.svc' + path, { headers });
        const body = await answer.json();
        console.log(answer.status, body.kind, body.reason ?? body.metadata.name, readFileSync(at + 'namespace', 'utf8'));
      };
      ask('/api/v1/namespaces/token/pods/main').then(() => ask('/api/v1/namespaces/token/secrets'));`;
    await ns.apply(
      pod(
        'main',
        {
          image: toolbox,
          imagePullPolicy: 'IfNotPresent',
          command: ['node', '-e', program],
          env: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' }],
        },
        { serviceAccountName: 'robot', restartPolicy: 'Never' },
      ),
      pod('without', {}, { automountServiceAccountToken: false }),
    );
    await ns.waitFor('jsonpath={.status.phase}=Succeeded', 'pod/main');
    assert.equal(await ns.logs('main'), '200 Pod main token\n403 Status Forbidden token\n');
    await ns.waitFor('condition=Ready', 'pod/without');
    assert.match((await ns.try(['exec', 'without', '--', 'ls', '/var/run/secrets'])).stderr, /No such file/);
  });

  test('a projected volume joins sources, with a token for an audience of its own', async () => {
    const ns = await cluster.namespace('projected');
    const sources = [
      { configMap: { name: 'settings' } },
      { secret: { name: 'keys', items: [{ key: 'token', path: 'deep/key' }] } },
      { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
      { serviceAccountToken: { path: 'token', audience: 'vault', expirationSeconds: 600 } },
    ];
    await ns.apply(
      configMap('settings', { a: '1' }),
      { kind: 'Secret', metadata: { name: 'keys' }, stringData: { token: 's3cret' } },
      withVolume('main', { projected: { sources } }),
    );
    await ns.waitFor('condition=Ready', 'pod/main');
    assert.equal(await ns.exec('main', 'sh', '-c', 'cat /data/a /data/deep/key /data/name'), '1s3cretmain');
    const [, claims] = (await ns.exec('main', 'cat', '/data/token')).split('.');
    const { aud, sub, exp, iat } = JSON.parse(Buffer.from(claims!, 'base64url').toString());
    assert.deepEqual([aud, sub, exp - iat], [['vault'], 'system:serviceaccount:projected:default', 600]);
  });
});
