/** What people get wrong, and what is not there: each gets the words that Kubernetes has for it, and nothing else is disturbed. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { busyboxFiles, tarOf } from '../../src/container-runtime/testing/test-image.ts';
import { TestCluster } from '../support/cluster.ts';
import { configMap, container, pod } from '../support/manifests.ts';
import { pushImage, startRegistry, type Login, type Registry } from '../support/registry.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose, Manifest, TestNamespace } from '../support/test-namespace.ts';

const login: Login = {
  user: 'crew',
  password: 'anchor',
  hash: '$2b$04$LO7Bf99k1XPw2kHP03jwkOBhXO4j12zdjLHWsk0/K72IZ7lw9e6HW',
};

describe('bad input', { skip: cannotRun('docker-registry'), concurrency: 4 }, () => {
  let cluster: TestCluster;
  let open: Registry;
  let locked: Registry;
  let digest: string;

  before(async () => {
    cluster = await TestCluster.up();
    const folder = async (name: string): Promise<string> => {
      await mkdir(join(cluster.home, name));
      return join(cluster.home, name);
    };
    open = await startRegistry(await folder('open'));
    locked = await startRegistry(await folder('locked'), login);
    const layer = await tarOf(await busyboxFiles());
    digest = await pushImage(open, 'busybox', 'one', layer);
    await pushImage(locked, 'busybox', 'one', layer, login);
  });
  after(async () => {
    await cluster?.[Symbol.asyncDispose]();
    await open?.[Symbol.asyncDispose]();
    await locked?.[Symbol.asyncDispose]();
  });

  const refusal = async (ns: TestNamespace, manifest: object): Promise<string> =>
    ns.fail(['create', '-f', '-'], { input: JSON.stringify(manifest) });

  test('what a manifest gets wrong is said by field, and nothing is made of it', async () => {
    const ns = await cluster.namespace('manifests');
    const meta = { metadata: { name: 'web' } };
    const spec = { containers: [container()] };
    const podWith = (fields: object) => ({ apiVersion: 'v1', kind: 'Pod', ...meta, spec: { ...spec, ...fields } });
    assert.match(
      await refusal(ns, podWith({ contianers: [] })),
      /BadRequest.*Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec\.contianers"/,
    );
    const template = { metadata: { labels: { app: 'web' } }, spec };
    const mistyped = { replicas: 'three', selector: { matchLabels: { app: 'web' } }, template };
    assert.match(
      await refusal(ns, { apiVersion: 'apps/v1', kind: 'Deployment', ...meta, spec: mistyped }),
      /BadRequest.*Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec\.spec\.replicas of type int32/,
    );
    assert.match(
      await refusal(ns, podWith({ restartPolicy: 'Sometimes' })),
      /The Pod "web" is invalid: spec\.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"/,
    );
    assert.match(
      await refusal(ns, { ...podWith({}), metadata: { name: 'Web_1' } }),
      /The Pod "Web_1" is invalid: metadata\.name: Invalid value: "Web_1": a lowercase RFC 1123 subdomain must consist of/,
    );
    assert.match(
      await refusal(ns, podWith({ containers: [{ name: 'main' }] })),
      /spec\.containers\[0\]\.image: Required value/,
    );
    assert.match(
      await refusal(ns, { apiVersion: 'v1', kind: 'Pud', ...meta }),
      /no matches for kind "Pud" in version "v1"/,
    );
    assert.match(await ns.fail(['get', 'pod', 'web']), /Error from server \(NotFound\): pods "web" not found/);
    const map = { apiVersion: 'v1', ...configMap('there', {}) };
    await ns.apply(configMap('there', {}));
    assert.match(await refusal(ns, map), /Error from server \(AlreadyExists\).* configmaps "there" already exists/);
    const deployment = (await ns.get('deployments')).items;
    assert.deepEqual(deployment, []);
  });

  test('an image is pulled by tag and by digest, and with a login from a registry that wants one', async () => {
    const ns = await cluster.namespace('pulls');
    const registry = ['--docker-server', locked.address, '--docker-username', login.user];
    await ns.kubectl('create', 'secret', 'docker-registry', 'login', ...registry, '--docker-password', login.password);
    const always = { imagePullPolicy: 'Always' };
    await ns.apply(
      pod('tag', { image: `${open.address}/busybox:one`, ...always }),
      pod('digest', { image: `${open.address}/busybox@${digest}`, ...always }),
      pod('login', { image: `${locked.address}/busybox:one`, ...always }, { imagePullSecrets: [{ name: 'login' }] }),
    );
    await ns.waitFor('condition=Ready', 'pod/tag', 'pod/digest', 'pod/login');
    const { status } = await ns.get('pod', 'digest');
    assert.ok(status.containerStatuses[0].imageID.endsWith(`busybox@${digest}`), status.containerStatuses[0].imageID);
    assert.match(
      await ns.kubectl('events', '--for', 'pod/tag'),
      /Successfully pulled image "127\.0\.0\.1:\d+\/busybox:one" in /,
    );
  });

  const unavailable: [name: string, image: () => string, why: RegExp][] = [
    ['is not there', () => `${open.address}/busybox:two`, /busybox:two.*not found/],
    ['has another digest', () => `${open.address}/busybox@sha256:${'0'.repeat(64)}`, /not found/],
    ['is in a registry that is down', () => '127.0.0.1:1/busybox:one', /connection refused|ECONNREFUSED/],
    ['wants a login', () => `${locked.address}/busybox:one`, /401|unauthorized|authorization/i],
  ];
  for (const [index, [name, image, why]] of unavailable.entries())
    test(`an image that ${name} is ErrImagePull, then ImagePullBackOff, and its pod's neighbour runs`, async () => {
      const ns = await cluster.namespace(`image-${index}`);
      await ns.apply(pod('bad', { image: image(), imagePullPolicy: 'Always' }), pod('good'));
      const waiting = ({ status }: Loose): Loose => status.containerStatuses?.[0]?.state?.waiting;
      await ns.until(['pod', 'bad'], (one) =>
        assert.match(waiting(one)?.reason ?? '', /^(ErrImagePull|ImagePullBackOff)$/),
      );
      const { metadata } = await ns.until(['pod', 'bad'], (one) => {
        assert.equal(waiting(one)?.reason, 'ImagePullBackOff');
        assert.ok(waiting(one).message.startsWith(`Back-off pulling image "${image()}": ErrImagePull: `));
        assert.match(waiting(one).message, why);
      });
      const events = await ns.kubectl('events', '--for', `pod/${metadata.name}`);
      assert.match(events, /Warning +Failed .*Failed to pull image/);
      assert.match(events, /Warning +Failed .*Error: ErrImagePull/);
      await ns.waitFor('condition=Ready', 'pod/good');
    });

  const broken: [name: string, manifest: Manifest, check: (status: Loose) => void][] = [
    [
      'a command that does not exist',
      pod('bad', { command: ['/no/such/program'] }),
      ({ state, lastState }) => {
        assert.equal(state.waiting?.reason, 'CrashLoopBackOff');
        assert.equal(lastState.terminated?.reason, 'StartError');
        assert.equal(lastState.terminated.exitCode, 128);
        assert.match(lastState.terminated.message, /no such file or directory/);
      },
    ],
    [
      'a command that exits with 1',
      pod('bad', { command: ['sh', '-c', 'exit 1'] }),
      ({ state, lastState }) => {
        assert.equal(state.waiting?.reason, 'CrashLoopBackOff');
        assert.deepEqual([lastState.terminated?.reason, lastState.terminated?.exitCode], ['Error', 1]);
      },
    ],
    [
      'a ConfigMap that is missing',
      pod('bad', { envFrom: [{ configMapRef: { name: 'absent' } }] }),
      ({ state }) => {
        assert.equal(state.waiting?.reason, 'CreateContainerConfigError');
        assert.equal(state.waiting.message, 'configmap "absent" not found');
      },
    ],
    [
      'a key that its Secret does not have',
      pod('bad', { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'words', key: 'absent' } } }] }),
      ({ state }) => {
        assert.equal(state.waiting?.reason, 'CreateContainerConfigError');
        assert.match(state.waiting.message, /^couldn't find key absent in Secret broken-3\/words$/);
      },
    ],
  ];
  for (const [index, [name, manifest, check]] of broken.entries())
    test(`${name} is said in the pod's status, and its neighbour runs`, async () => {
      const ns = await cluster.namespace(`broken-${index}`);
      await ns.kubectl('create', 'secret', 'generic', 'words', '--from-literal=hello=ahoy');
      await ns.apply(manifest, pod('good'));
      await ns.until(['pod', 'bad'], ({ status }) => check(status.containerStatuses?.[0] ?? { state: {} }));
      await ns.waitFor('condition=Ready', 'pod/good');
    });

  test('a host port that is taken keeps the second pod waiting, and the scheduler says why', async () => {
    const ns = await cluster.namespace('ports');
    const ports = [{ containerPort: 8080, hostPort: 18_080 }];
    await ns.apply(pod('first', { ports }));
    await ns.waitFor('condition=Ready', 'pod/first');
    await ns.apply(pod('second', { ports }));
    const { status } = await ns.until(['pod', 'second'], (one) =>
      assert.equal(one.status.conditions?.[0]?.status, 'False'),
    );
    assert.equal(status.phase, 'Pending');
    assert.match(
      status.conditions[0].message,
      /^0\/1 nodes are available: 1 node\(s\) didn't have free ports for the requested pod ports\./,
    );
    await ns.kubectl('delete', 'pod', 'first');
    await ns.waitFor('condition=Ready', 'pod/second');
  });
});
