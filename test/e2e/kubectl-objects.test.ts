/** What kubectl does with objects: each command that a user types against a cluster, as it is, with its output. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TestCluster } from '../support/cluster.ts';
import { busybox, configMap, container, deployment, pod, service, shell } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import { kubectlVersions } from '../support/tools.ts';
import { until } from '../support/until.ts';

describe('kubectl and objects', { skip: cannotRun(), concurrency: 4 }, () => {
  let cluster: TestCluster;
  before(async () => void (cluster = await TestCluster.up()));
  after(() => cluster?.[Symbol.asyncDispose]());

  for (const version of kubectlVersions) {
    test(`kubectl ${version} applies, reads, changes, waits for and deletes objects`, async () => {
      const ns = await cluster.namespace(`v${version.replace('.', '-')}`);
      const run = async (...args: string[]): Promise<string> => {
        const result = await ns.try(args, { version });
        assert.equal(result.code, 0, `${args.join(' ')}: ${result.stderr}`);
        return result.stdout;
      };
      const input = JSON.stringify({ apiVersion: 'apps/v1', ...deployment('web') });
      assert.equal((await ns.try(['apply', '-f', '-'], { input, version })).stdout, 'deployment.apps/web created\n');
      assert.match(await run('rollout', 'status', 'deployment/web', '--timeout=60s'), /successfully rolled out/);
      assert.match(
        await run('get', 'deployment', 'web'),
        /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +1\/1 +1 +1 +\S+\n$/,
      );
      assert.match(await run('exec', 'deployment/web', '--', 'echo', 'inside'), /^inside\n$/);
      assert.match(await run('describe', 'deployment', 'web'), /NewReplicaSet: +web-/);
      assert.equal(await run('scale', 'deployment/web', '--replicas=2'), 'deployment.apps/web scaled\n');
      await run('wait', '--for=jsonpath={.status.readyReplicas}=2', 'deployment/web', '--timeout=60s');
      assert.equal(
        await run('delete', 'deployment', 'web'),
        'deployment.apps "web" deleted' + (version === '1.35' ? ` from ${ns.name} namespace\n` : '\n'),
      );
      assert.match(await run('version'), /Server Version: v1\.36\./);
      assert.match(await run('api-resources'), /deployments +deploy +apps\/v1 +true +Deployment/);
      assert.match(await run('explain', 'pod.spec.containers.ports'), /containerPort\t<integer> -required-/);
    });
  }

  test('apply creates objects, changes what differs, drops what was taken out, and leaves the rest alone', async () => {
    const ns = await cluster.namespace('apply');
    const settings = configMap('settings', { a: '1', b: '2' });
    assert.equal(await ns.apply(settings, service('web')), 'configmap/settings created\nservice/web created\n');
    assert.equal(await ns.apply(settings), 'configmap/settings unchanged\n');
    await ns.kubectl('patch', 'configmap', 'settings', '-p', '{"data":{"c":"by another"}}');
    assert.equal(await ns.apply(configMap('settings', { a: '3' })), 'configmap/settings configured\n');
    assert.deepEqual((await ns.get('configmap', 'settings')).data, { a: '3', c: 'by another' });
  });

  test('apply --dry-run=server says what would be, and changes nothing', async () => {
    const ns = await cluster.namespace('dry-run');
    const input = JSON.stringify({ apiVersion: 'v1', ...service('web') });
    const { stdout } = await ns.try(['apply', '--dry-run=server', '-f', '-', '-o', 'json'], { input });
    assert.equal(JSON.parse(stdout).spec.ports[0].protocol, 'TCP');
    assert.equal(await ns.kubectl('get', 'services', '-o', 'name'), '');
  });

  test('apply --prune removes what the manifests no longer hold', async () => {
    const ns = await cluster.namespace('prune');
    const labelled = (name: string): string =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { set: 'one' } } });
    const prune = ['apply', '-f', '-', '--prune', '-l', 'set=one', '--prune-allowlist=core/v1/ConfigMap'];
    await ns.try(prune, { input: `${labelled('old')}\n---\n${labelled('kept')}` });
    const second = await ns.try(prune, { input: labelled('kept') });
    assert.match(second.stdout, /configmap\/kept unchanged\nconfigmap\/old pruned\n/);
  });

  test('create makes deployments, namespaces, config maps, secrets, accounts, roles, services and tokens', async () => {
    const ns = await cluster.namespace('create');
    const create = (...args: string[]): Promise<string> => ns.kubectl('create', ...args);
    assert.equal(
      await create('deployment', 'web', `--image=${busybox}`, '--replicas=2', '--port=80', '--', 'sleep', '3600'),
      'deployment.apps/web created\n',
    );
    await create('configmap', 'settings', '--from-literal=a=1');
    await create('secret', 'generic', 'keys', '--from-literal=token=s3cret');
    await create('serviceaccount', 'robot');
    await create('role', 'reader', '--verb=get,list', '--resource=pods');
    await create('rolebinding', 'robot-reads', '--role=reader', `--serviceaccount=${ns.name}:robot`);
    await create('service', 'clusterip', 'web', '--tcp=80:8080');
    assert.equal((await ns.get('secret', 'keys')).data.token, Buffer.from('s3cret').toString('base64'));
    assert.equal((await ns.get('configmap', 'settings')).data.a, '1');
    assert.match(await create('token', 'robot'), /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.equal(
      await ns.fail(['create', 'serviceaccount', 'robot']),
      'error: failed to create serviceaccount: serviceaccounts "robot" already exists\n',
    );
    await ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
  });

  test('a token of a service account does what its role allows and nothing else', async () => {
    const ns = await cluster.namespace('rbac');
    await ns.kubectl('create', 'serviceaccount', 'robot');
    await ns.kubectl('create', 'role', 'reader', '--verb=get,list', '--resource=configmaps');
    await ns.kubectl('create', 'rolebinding', 'r', '--role=reader', `--serviceaccount=${ns.name}:robot`);
    const token = (await ns.kubectl('create', 'token', 'robot')).trim();
    const user = `system:serviceaccount:${ns.name}:robot`;
    const as = async (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
      ns.try(['--kubeconfig', await kubeconfigWith(token), ...args]);
    const kubeconfigWith = async (secret: string): Promise<string> => {
      const path = `${cluster.home}/robot.kubeconfig`;
      const raw = JSON.parse(await cluster.kubectl('config', 'view', '--raw', '-o', 'json'));
      raw.users[0].user = { token: secret };
      const { writeFile } = await import('node:fs/promises');
      await writeFile(path, JSON.stringify(raw));
      return path;
    };
    assert.equal((await as('get', 'configmaps', '-o', 'name')).stdout, 'configmap/kube-root-ca.crt\n');
    assert.equal(
      (await as('get', 'secrets')).stderr,
      `Error from server (Forbidden): secrets is forbidden: User "${user}" cannot list resource "secrets" in API group "" in the namespace "${ns.name}"\n`,
    );
    assert.match((await as('auth', 'whoami')).stdout, new RegExp(`Username +${user}`));
    assert.equal((await as('auth', 'can-i', 'list', 'configmaps')).stdout, 'yes\n');
    assert.equal((await as('auth', 'can-i', 'create', 'pods')).stdout, 'no\n');
  });

  test('auth can-i answers for oneself and for others', async () => {
    const ns = await cluster.namespace('can-i');
    assert.equal(await ns.kubectl('auth', 'can-i', 'create', 'deployments.apps'), 'yes\n');
    const other = await ns.try(['auth', 'can-i', 'delete', 'nodes', '--as', 'jane']);
    assert.match(other.stdout, /^no\n$/);
    assert.equal(other.code, 1);
    assert.match(
      await ns.kubectl('auth', 'can-i', '--list'),
      /^Resources +Non-Resource URLs +Resource Names +Verbs\n\*\.\* +\[\] +\[\] +\[\*\]/,
    );
    assert.match(await ns.kubectl('auth', 'whoami'), /Groups +\[system:masters system:authenticated\]/);
  });

  test('get prints a table, a wide table, YAML, JSON, JSONPath, names, columns and templates', async () => {
    const ns = await cluster.namespace('get');
    await ns.apply(pod('one', {}, {}, { labels: { app: 'one', tier: 'front' } }), service('one'));
    await ns.waitFor('condition=Ready', 'pod/one');
    const get = (...args: string[]): Promise<string> => ns.kubectl('get', ...args);
    assert.match(await get('pods'), /^NAME +READY +STATUS +RESTARTS +AGE\none +1\/1 +Running +0 +\d+s\n$/);
    assert.match(
      await get('pods', '-o', 'wide'),
      /NODE +NOMINATED NODE +READINESS GATES\none +1\/1 +Running +0 +\d+s +10\.244\.\d+\.\d+ +\S+-1 +<none> +<none>\n$/,
    );
    assert.match(await get('pod', 'one', '-o', 'yaml'), /^apiVersion: v1\nkind: Pod\nmetadata:\n/);
    assert.equal(JSON.parse(await get('pod', 'one', '-o', 'json')).metadata.labels.tier, 'front');
    assert.equal(await get('pod', 'one', '-o', 'jsonpath={.status.phase}'), 'Running');
    assert.equal(await get('pods', '-o', 'name'), 'pod/one\n');
    assert.equal(await get('pods', '-o', 'custom-columns=N:.metadata.name', '--no-headers'), 'one\n');
    assert.equal(await get('pods', '-o', 'go-template={{len .items}}'), '1');
    assert.match(
      await get('pods', '-L', 'tier', '--show-labels'),
      /AGE +TIER +LABELS\none .* front +app=one,tier=front\n$/,
    );
    assert.match(await get('pods,services'), /pod\/one [^]*service\/one +ClusterIP +10\.96\.\d+\.\d+ +<none> +80\/TCP/);
    assert.match(await get('endpointslices'), /one-\w+ +IPv4 +80 +10\.244\./);
    assert.match(await get('pods', '-A'), /^NAMESPACE +NAME [^]*\nget +one /);
    assert.match(await get('nodes', '-o', 'wide'), /-1 +Ready +<none> +\S+ +v1\.36\.\S+ +\d+\.\d+\.\d+\.\d+ +<none> /);
    assert.match(await get('namespaces'), /get +Active/);
    assert.match(await get('leases', '-n', 'kube-node-lease'), /NAME +HOLDER +AGE\n/);
    assert.equal((await ns.try(['get', 'pods', '-l', 'app=none'])).stderr, 'No resources found in get namespace.\n');
    assert.equal(await ns.fail(['get', 'pod', 'none']), 'Error from server (NotFound): pods "none" not found\n');
    assert.match(await ns.fail(['get', 'nonsense']), /the server doesn't have a resource type "nonsense"/);
  });

  test('get chooses by label and by field, in many pages', async () => {
    const ns = await cluster.namespace('select');
    const many = Array.from({ length: 12 }, (_, at) => ({
      ...configMap(`c${String(at).padStart(2, '0')}`, {}),
      metadata: { name: `c${String(at).padStart(2, '0')}`, labels: { half: at < 6 ? 'first' : 'second', n: `${at}` } },
    }));
    await ns.apply(...many);
    const names = async (...args: string[]): Promise<string[]> =>
      (await ns.kubectl('get', 'configmaps', '-o', 'jsonpath={.items[*].metadata.name}', ...args)).split(' ');
    assert.equal((await names('-l', 'half=first')).length, 6);
    assert.deepEqual(await names('-l', 'half=second,n in (7,8)'), ['c07', 'c08']);
    assert.deepEqual(await names('-l', 'half!=first,n notin (6,7,8,9,10)'), ['c11', 'kube-root-ca.crt']);
    assert.deepEqual(await names('-l', '!half'), ['kube-root-ca.crt']);
    assert.deepEqual(await names('--field-selector', 'metadata.name=c03'), ['c03']);
    assert.equal((await names('--chunk-size=5')).length, 13);
    assert.match(
      await ns.fail(['get', 'configmaps', '--field-selector', 'data.x=1']),
      /"data\.x" is not a known field selector: only "metadata\.name", "metadata\.namespace"/,
    );
    assert.match(await ns.fail(['get', 'pods', '--field-selector', 'spec.x=1']), /field label not supported: spec\.x/);
  });

  test('get -w tells changes as they come', async () => {
    const ns = await cluster.namespace('watch');
    await ns.apply(configMap('one', {}));
    await using watch = await ns.start(['get', 'configmaps', '-w', '--output-watch-events']);
    await watch.until(/ADDED +one +0/);
    await ns.kubectl('patch', 'configmap', 'one', '--type=merge', '-p', '{"data":{"a":"1"}}');
    await watch.until(/MODIFIED +one +1/);
    await ns.kubectl('delete', 'configmap', 'one');
    await watch.until(/DELETED +one +1/);
  });

  test('describe tells about pods, deployments, replica sets, services, nodes, namespaces, secrets and config maps', async () => {
    const ns = await cluster.namespace('describe');
    await ns.apply(
      deployment('web', { env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }),
      service('web'),
      configMap('settings', { greeting: 'hello' }),
      { kind: 'Secret', metadata: { name: 'keys' }, stringData: { token: 'abc' } },
    );
    await ns.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
    const describe = (...args: string[]): Promise<string> => ns.kubectl('describe', ...args);
    const aboutPod = await until(
      () => describe('pod', '-l', 'app=web'),
      (text) => assert.match(text, /Started/),
    );
    for (const line of [
      /^Name: +web-\w+-\w+$/m,
      /^Node: +\S+-1\/\d+\./m,
      /^Status: +Running$/m,
      /^Controlled By: +ReplicaSet\/web-/m,
      /Container ID: +\S+:\/\/[0-9a-f]{64}/,
      /State: +Running/,
      /^ +A: +1$/m,
      /^QoS Class: +BestEffort$/m,
      /Normal +Scheduled .* default-scheduler +Successfully assigned describe\/web-/,
      /Normal +Pulled .* kubelet +(spec\.containers\{main\}: )?Container image "kedge\.test\/busybox:1" already present on machine/,
      /Normal +Created /,
      /Normal +Started /,
    ])
      assert.match(aboutPod, line);
    const aboutDeployment = await describe('deployment', 'web');
    assert.match(aboutDeployment, /^Replicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable$/m);
    assert.match(
      aboutDeployment,
      /ScalingReplicaSet .* deployment-controller +Scaled up replica set web-\w+ from 0 to 1/,
    );
    assert.match(await describe('rs'), /^Controlled By: +Deployment\/web$/m);
    assert.match(await describe('rs'), /SuccessfulCreate .* replicaset-controller +Created pod: web-/);
    assert.match(await describe('service', 'web'), /^Endpoints: +10\.244\.\d+\.\d+:80$/m);
    assert.match(await describe('secret', 'keys'), /^token: +3 bytes$/m);
    assert.match(await describe('configmap', 'settings'), /greeting:\n----\nhello\n/);
    assert.match(await describe('namespace', ns.name), /^Status: +Active$/m);
    const aboutNode = await describe('nodes');
    assert.match(aboutNode, /Ready +True .* KubeletReady/);
    assert.match(aboutNode, /^Non-terminated Pods: +\(\d+ in total\)$/m);
    assert.match(aboutNode, /^ +describe +web-/m);
    assert.match(aboutNode, /^PodCIDR: +10\.244\.0\.0\/24$/m);
  });

  test('edit writes back what the editor left', async () => {
    const ns = await cluster.namespace('edit');
    await ns.apply(configMap('settings', { colour: 'red' }));
    const edit = (script: string) =>
      ns.try(['edit', 'configmap', 'settings'], { env: { KUBE_EDITOR: `sed -i ${script}` } });
    assert.equal((await edit('s/red/blue/')).stdout, 'configmap/settings edited\n');
    assert.equal((await ns.get('configmap', 'settings')).data.colour, 'blue');
    assert.equal((await edit('s/none/nothing/')).stderr, 'Edit cancelled, no changes made.\n');
    // A patch whose result is no ConfigMap is Invalid (422), of which kubectl edit tells this much and opens the editor again.
    assert.match((await edit('s/blue/[1]/')).stderr, /error: configmaps "settings" is invalid/);
    assert.equal((await ns.get('configmap', 'settings')).data.colour, 'blue');
  });

  test('label and annotate add, replace when told to, and remove', async () => {
    const ns = await cluster.namespace('label');
    await ns.apply(configMap('one', {}));
    assert.equal(await ns.kubectl('label', 'configmap', 'one', 'tier=front'), 'configmap/one labeled\n');
    assert.match(
      await ns.fail(['label', 'configmap', 'one', 'tier=back']),
      /already has a value \(front\), and --overwrite is false/,
    );
    await ns.kubectl('label', 'configmap', 'one', 'tier=back', '--overwrite');
    assert.equal(await ns.kubectl('annotate', 'configmap', 'one', 'note=a b c'), 'configmap/one annotated\n');
    const { metadata } = await ns.get('configmap', 'one');
    assert.deepEqual(metadata.labels, { tier: 'back' });
    assert.equal(metadata.annotations.note, 'a b c');
    assert.equal(await ns.kubectl('label', 'configmap', 'one', 'tier-'), 'configmap/one unlabeled\n');
    await ns.kubectl('annotate', 'configmap', 'one', 'note-');
    const bare = (await ns.get('configmap', 'one')).metadata;
    assert.equal(bare.labels, undefined);
    assert.equal(bare.annotations.note, undefined);
  });

  test('patch merges strategically, merges as JSON, and applies JSON patches', async () => {
    const ns = await cluster.namespace('patch');
    await ns.apply(deployment('web', {}, { replicas: 0 }));
    const patch = (type: string, body: unknown): Promise<string> =>
      ns.kubectl('patch', 'deployment', 'web', `--type=${type}`, '-p', JSON.stringify(body));
    const containers = (): Promise<string> =>
      ns.kubectl('get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[*].name}');
    const inTemplate = (list: object[]): object => ({ spec: { template: { spec: { containers: list } } } });
    await patch('strategic', inTemplate([{ name: 'side', image: busybox }]));
    assert.equal(await containers(), 'side main');
    await patch('strategic', inTemplate([{ name: 'side', $patch: 'delete' }]));
    assert.equal(await containers(), 'main');
    await patch('merge', inTemplate([{ name: 'only', image: busybox }]));
    assert.equal(await containers(), 'only');
    await patch('json', [
      { op: 'test', path: '/spec/replicas', value: 0 },
      { op: 'add', path: '/metadata/labels', value: { by: 'json' } },
    ]);
    assert.deepEqual((await ns.get('deployment', 'web')).metadata.labels, { by: 'json' });
    assert.match(
      await ns.fail([
        'patch',
        'deployment',
        'web',
        '--type=json',
        '-p',
        '[{"op":"test","path":"/spec/replicas","value":7}]',
      ]),
      /testing value \/spec\/replicas failed|The request is invalid/,
    );
    assert.equal(await patch('merge', {}), 'deployment.apps/web patched (no change)\n');
  });

  test('scale changes the number of pods, unless it is not what was expected', async () => {
    const ns = await cluster.namespace('scale');
    await ns.apply(deployment('web'));
    assert.equal(await ns.kubectl('scale', 'deployment', 'web', '--replicas=3'), 'deployment.apps/web scaled\n');
    await ns.waitFor('jsonpath={.status.readyReplicas}=3', 'deployment/web');
    assert.match(
      await ns.fail(['scale', 'deployment', 'web', '--current-replicas=9', '--replicas=1']),
      /Expected replicas to be 9, was 3/,
    );
    await ns.kubectl('scale', 'deployment', 'web', '--replicas=0');
    await ns.waitFor('delete', 'pod', '-l', 'app=web');
    assert.match(await ns.kubectl('get', 'deployment', 'web'), /web +0\/0 +0 +0/);
  });

  test('rollout tells the status and the history, undoes, pauses, resumes and restarts', async () => {
    const ns = await cluster.namespace('rollout');
    const rollout = (...args: string[]): Promise<string> => ns.kubectl('rollout', ...args);
    const settled = (): Promise<string> => rollout('status', 'deployment/web', '--timeout=60s');
    const value = (): Promise<string> =>
      ns.kubectl('get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].env[0].value}');
    await ns.apply(deployment('web', { env: [{ name: 'V', value: 'one' }] }));
    assert.match(await settled(), /deployment "web" successfully rolled out\n$/);
    await ns.kubectl('set', 'env', 'deployment/web', 'V=two');
    await ns.kubectl('annotate', 'deployment/web', 'kubernetes.io/change-cause=make it two');
    await settled();
    assert.match(
      await rollout('history', 'deployment/web'),
      /^deployment\.apps\/web \nREVISION +CHANGE-CAUSE\n1 +<none>\n2 +make it two\n/,
    );
    assert.match(await rollout('history', 'deployment/web', '--revision=1'), /V:\tone/);
    assert.equal(await rollout('undo', 'deployment/web'), 'deployment.apps/web rolled back\n');
    await settled();
    assert.equal(await value(), 'one');
    await rollout('undo', 'deployment/web', '--to-revision=2');
    assert.equal(await value(), 'two');
    await settled();
    assert.equal(await rollout('pause', 'deployment/web'), 'deployment.apps/web paused\n');
    await ns.kubectl('set', 'env', 'deployment/web', 'V=three');
    assert.equal((await ns.get('replicasets')).items.length, 2);
    assert.equal(await rollout('resume', 'deployment/web'), 'deployment.apps/web resumed\n');
    await settled();
    const before = await ns.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name');
    assert.equal(await rollout('restart', 'deployment/web'), 'deployment.apps/web restarted\n');
    await settled();
    await until(
      () => ns.kubectl('get', 'pods', '-l', 'app=web', '-o', 'name'),
      (pods) => {
        assert.match(pods, /^pod\/web-\S+\n$/);
        assert.notEqual(pods, before);
      },
    );
  });

  test('expose makes a Service for a deployment and for a pod', async () => {
    const ns = await cluster.namespace('expose');
    await ns.apply(
      deployment('web', { ports: [{ containerPort: 8080 }] }),
      pod('one', {}, {}, { labels: { run: 'one' } }),
    );
    assert.equal(
      await ns.kubectl('expose', 'deployment', 'web', '--port=80', '--target-port=8080'),
      'service/web exposed\n',
    );
    assert.deepEqual((await ns.get('service', 'web')).spec.selector, { app: 'web' });
    await ns.kubectl('expose', 'pod', 'one', '--port=5000', '--type=NodePort');
    const [port] = (await ns.get('service', 'one')).spec.ports;
    assert.ok(port.nodePort >= 30000 && port.nodePort <= 32767);
  });

  test('wait waits for conditions, fields, creation and deletion, and says when it gave up', async () => {
    const ns = await cluster.namespace('wait');
    const created = ns.kubectl('wait', '--for=create', 'configmap/late', '--timeout=30s');
    await ns.apply(pod('one'), configMap('late', {}));
    assert.equal(await created, 'configmap/late condition met\n');
    assert.equal(
      await ns.kubectl('wait', '--for=condition=Ready', 'pod/one', '--timeout=60s'),
      'pod/one condition met\n',
    );
    await ns.kubectl('wait', '--for=jsonpath={.status.phase}=Running', 'pod/one', '--timeout=60s');
    assert.match(
      await ns.fail(['wait', '--for=jsonpath={.status.phase}=Failed', 'pod/one', '--timeout=1s']),
      /timed out waiting for the condition on pods\/one/,
    );
    // Of a pod that is gone before kubectl has seen it, it says nothing.
    await using gone = await ns.start(['wait', '--for=delete', 'pod/one', '--timeout=60s', '-v=6']);
    await until(
      () => Promise.resolve(gone.stderr),
      (log) => assert.match(log, /pods\/one.*200 OK|metadata\.name%3Done.*200 OK/),
      10_000,
    );
    await ns.kubectl('delete', 'pod', 'one', '--wait=false');
    await gone.until(/pod\/one condition met\n/);
    assert.equal(await gone.exit, 0);
  });

  test('delete in the background takes the owned along, in the foreground it takes them first, orphaned they stay', async () => {
    const ns = await cluster.namespace('delete');
    await ns.apply(deployment('back'), deployment('fore'), deployment('orphan'));
    for (const name of ['back', 'fore', 'orphan']) await ns.waitFor('condition=Available', `deployment/${name}`);
    const orphan = await ns.kubectl('get', 'rs', '-l', 'app=orphan', '-o', 'name');
    await ns.kubectl('delete', 'deployment', 'back');
    await ns.waitFor('delete', 'pod,rs', '-l', 'app=back');
    await ns.kubectl('delete', 'deployment', 'fore', '--cascade=foreground');
    assert.equal(await ns.kubectl('get', 'pods,rs', '-l', 'app=fore', '-o', 'name'), '');
    await ns.kubectl('delete', 'deployment', 'orphan', '--cascade=orphan');
    const [kept] = (await ns.get('rs')).items;
    assert.equal(`replicaset.apps/${kept.metadata.name}\n`, orphan);
    assert.equal(kept.metadata.ownerReferences, undefined);
    assert.match(await ns.kubectl('get', 'pods', '-l', 'app=orphan'), /orphan-.* Running/);
  });

  test('delete --grace-period says how long a pod may take to end', async () => {
    const ns = await cluster.namespace('grace');
    const stubborn = { command: ['sh', '-c', `trap '' TERM; while true; do sleep 1; done`] };
    const patient = { terminationGracePeriodSeconds: 600, containers: [container(stubborn)] };
    await ns.apply(pod('short', {}, patient), pod('forced', {}, patient), pod('slow', {}, patient));
    await ns.waitFor('condition=Ready', 'pod', '--all');
    await ns.kubectl('delete', 'pod', 'short', '--grace-period=1', '--timeout=60s');
    assert.match(
      (await ns.try(['delete', 'pod', 'forced', '--grace-period=0', '--force'])).stderr,
      /Immediate deletion does not wait for confirmation/,
    );
    await ns.kubectl('delete', 'pod', 'slow', '--wait=false');
    const { metadata } = await ns.get('pod', 'slow');
    assert.equal(metadata.deletionGracePeriodSeconds, 600);
    assert.match(await ns.kubectl('get', 'pod', 'slow'), /Terminating/);
    await ns.kubectl('delete', 'pod', 'slow', '--grace-period=1', '--timeout=60s');
    assert.equal(await ns.kubectl('get', 'pods', '-o', 'name'), '');
  });

  test('delete takes files, labels, --all and --ignore-not-found, and finalizers hold an object', async () => {
    const ns = await cluster.namespace('delete-more');
    await ns.apply({ ...configMap('a', {}), metadata: { name: 'a', labels: { x: '1' } } }, configMap('b', {}), {
      ...configMap('held', {}),
      metadata: { name: 'held', finalizers: ['test.kedge/hold'] },
    });
    assert.match(await ns.kubectl('delete', 'configmap', '-l', 'x=1'), /configmap "a" deleted/);
    const input = JSON.stringify({ apiVersion: 'v1', ...configMap('b', {}) });
    assert.match((await ns.try(['delete', '-f', '-'], { input })).stdout, /configmap "b" deleted/);
    assert.equal(await ns.kubectl('delete', 'configmap', 'b', '--ignore-not-found'), '');
    assert.equal(
      await ns.fail(['delete', 'configmap', 'b']),
      'Error from server (NotFound): configmaps "b" not found\n',
    );
    await ns.kubectl('delete', 'configmap', 'held', '--wait=false');
    assert.ok((await ns.get('configmap', 'held')).metadata.deletionTimestamp);
    await ns.kubectl(
      'patch',
      'configmap',
      'held',
      '--type=json',
      '-p',
      '[{"op":"remove","path":"/metadata/finalizers"}]',
    );
    assert.match(await ns.fail(['get', 'configmap', 'held']), /NotFound/);
  });

  test('a namespace that is deleted takes everything in it along', async () => {
    const ns = await cluster.namespace('doomed');
    await ns.apply(deployment('web', {}, { replicas: 2 }), service('web'), configMap('settings', {}));
    await ns.waitFor('condition=Available', 'deployment/web');
    await cluster.kubectl('delete', 'namespace', 'doomed', '--timeout=60s');
    assert.match(await ns.fail(['create', 'configmap', 'late']), /namespaces "doomed" not found/);
    assert.doesNotMatch(await cluster.kubectl('get', 'pods,services,configmaps,events', '-A'), /^doomed /m);
  });

  test('events tells what happened to an object', async () => {
    const ns = await cluster.namespace('events');
    await ns.apply(pod('one'));
    await ns.waitFor('condition=Ready', 'pod/one');
    await until(
      () => ns.kubectl('events', '--for', 'pod/one'),
      (text) => assert.match(text, /Normal +Scheduled [^]*Normal +Started/),
    );
    assert.match(
      await ns.kubectl('get', 'events', '--field-selector', 'reason=Scheduled'),
      /Successfully assigned events\/one/,
    );
    assert.match(await ns.kubectl('get', 'events.v1.events.k8s.io'), /Scheduled/);
  });

  test('api-resources, api-versions, cluster-info, version, explain and raw paths tell what the server is', async () => {
    const resources = await cluster.kubectl('api-resources', '-o', 'wide');
    assert.match(
      resources,
      /^pods +po +v1 +true +Pod +create,delete,deletecollection,get,list,patch,update,watch +all$/m,
    );
    for (const kind of [
      'Namespace',
      'Node',
      'Service',
      'EndpointSlice',
      'ConfigMap',
      'Secret',
      'ServiceAccount',
      'Event',
      'Lease',
      'ReplicaSet',
      'Deployment',
      'Role',
      'RoleBinding',
      'ClusterRole',
      'ClusterRoleBinding',
    ])
      assert.match(resources, new RegExp(` ${kind} `));
    assert.match(
      await cluster.kubectl('api-versions'),
      /^apps\/v1\n[^]*^rbac\.authorization\.k8s\.io\/v1\n[^]*^v1\n$/m,
    );
    assert.match(
      await cluster.kubectl('cluster-info'),
      /Kubernetes control plane.* is running at .*https:\/\/127\.0\.0\.1:\d+/,
    );
    const version = JSON.parse(await cluster.kubectl('version', '-o', 'json'));
    assert.equal(`${version.serverVersion.major}.${version.serverVersion.minor}`, '1.36');
    assert.match(
      await cluster.kubectl('explain', 'deployment.spec.strategy'),
      /rollingUpdate\t<RollingUpdateDeployment>/,
    );
    assert.match(await cluster.kubectl('explain', 'pod.spec.containers', '--recursive'), /livenessProbe\t<Probe>/);
    assert.equal(await cluster.kubectl('get', '--raw', '/readyz'), 'ok');
    assert.match(await cluster.kubectl('get', '--raw', '/livez?verbose'), /livez check passed/);
    assert.match(await cluster.kubectl('get', '--raw', '/metrics'), /^apiserver_request_total\{/m);
    assert.equal(JSON.parse(await cluster.kubectl('get', '--raw', '/openapi/v2')).swagger, '2.0');
  });

  test('a pod that no node takes says why, and runs once one does', async () => {
    const ns = await cluster.namespace('unfit');
    const node = `${cluster.name}-1`;
    await ns.apply(pod('lonely', {}, { nodeSelector: { only: 'this' } }));
    await until(
      () => ns.kubectl('describe', 'pod', 'lonely'),
      (text) =>
        assert.match(
          text,
          /FailedScheduling .* 0\/1 nodes are available: 1 node\(s\) didn't match Pod's node affinity\/selector/,
        ),
    );
    await cluster.kubectl('label', 'node', node, 'only=this');
    await ns.waitFor('condition=Ready', 'pod/lonely');
  });

  test('replace refuses what was read before the object changed, and set image changes one image', async () => {
    const ns = await cluster.namespace('replace');
    await ns.apply(configMap('one', { a: '1' }));
    const old = await ns.kubectl('get', 'configmap', 'one', '-o', 'json');
    await ns.kubectl('label', 'configmap', 'one', 'x=y');
    assert.match(
      await ns.fail(['replace', '-f', '-'], { input: old }),
      /Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again/,
    );
    const current = await ns.get('configmap', 'one');
    const input = JSON.stringify({ ...current, data: { a: '2' } });
    assert.equal((await ns.try(['replace', '-f', '-'], { input })).stdout, 'configmap/one replaced\n');
    await ns.apply(deployment('web', {}, { replicas: 0 }));
    await ns.kubectl('set', 'image', 'deployment/web', 'main=kedge.test/other:2');
    assert.equal(await ns.kubectl('get', 'deployment', 'web', '-o', 'jsonpath={..image}'), 'kedge.test/other:2');
  });

  test('run starts a pod, gives its output and removes it with --rm', async () => {
    const ns = await cluster.namespace('run');
    assert.equal(await ns.kubectl('run', 'stays', `--image=${busybox}`, '--', ...shell()), 'pod/stays created\n');
    await ns.waitFor('condition=Ready', 'pod/stays');
    const once = ['run', 'once', `--image=${busybox}`, '--restart=Never', '--rm', '-i', '--', 'cat'];
    const { stdout, code } = await ns.try(once, { input: 'from outside\n' });
    assert.match(stdout, /^from outside\n/);
    assert.match(stdout, /pod "once" deleted/);
    assert.equal(code, 0);
    const failing = ['run', 'bad', `--image=${busybox}`, '--restart=Never', '--rm', '-i', '--', 'sh', '-c', 'exit 3'];
    assert.equal((await ns.try(failing)).code, 3);
  });
});
