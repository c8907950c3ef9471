/** The behaviours of the conformance suite that kubectl shows, under their own names, with the kubectl that users have. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { TestCluster } from '../support/cluster.ts';
import { busybox, configMap, container, deployment, pod, service, shell, webServer } from '../support/manifests.ts';
import { ask } from '../support/http.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose, Manifest, TestNamespace } from '../support/test-namespace.ts';
import { until } from '../support/until.ts';

/** A replication controller of one container, selected by `app: NAME`. */
function controller(name: string, replicas: number, fields = {}): Manifest {
  const labels = { app: name, role: 'primary' };
  const spec = { terminationGracePeriodSeconds: 1, containers: [container(fields)] };
  const template = { metadata: { labels }, spec };
  return { kind: 'ReplicationController', metadata: { name }, spec: { replicas, selector: labels, template } };
}

describe('kubectl', { skip: cannotRun(), concurrency: 4 }, () => {
  let cluster: TestCluster;
  before(async () => void (cluster = await TestCluster.up()));
  after(() => cluster?.[Symbol.asyncDispose]());

  const namesOf = async (ns: TestNamespace, app: string): Promise<string[]> =>
    (await ns.get('pods', '-l', `app=${app}`)).items.map(({ metadata }: Loose) => metadata.name);

  async function withController(name: string): Promise<{ ns: TestNamespace; primary: string }> {
    const ns = await cluster.namespace(name);
    await ns.apply(controller('agnhost-primary', 1, { ports: [{ name: 'agnhost-server', containerPort: 6379 }] }));
    await ns.waitFor('jsonpath={.status.readyReplicas}=1', 'rc/agnhost-primary');
    const [primary = ''] = await namesOf(ns, 'agnhost-primary');
    return { ns, primary };
  }

  describe('an application of a replication controller', { concurrency: 4 }, () => {
    test('[sig-cli] Kubectl client Kubectl describe should check if kubectl describe prints relevant information for rc and pods [Conformance]', async () => {
      const { ns, primary } = await withController('describe');
      await ns.apply(service('agnhost-primary', { ports: [{ port: 6379, targetPort: 'agnhost-server' }] }));
      const shows = async (what: string[], ...facts: RegExp[]): Promise<void> => {
        const output = await ns.kubectl('describe', ...what);
        for (const fact of facts) assert.match(output, fact);
      };
      await shows(
        ['rc', 'agnhost-primary'],
        /^Name: +agnhost-primary$/m,
        /^Namespace: +describe$/m,
        /^Selector: +app=agnhost-primary,role=primary$/m,
        /^Labels: +app=agnhost-primary$/m,
        /^ +role=primary$/m,
        /^Annotations: /m,
        /^Replicas: +1 current \/ 1 desired$/m,
        /^Pods Status: +1 Running \/ 0 Waiting \/ 0 Succeeded \/ 0 Failed$/m,
        /^Pod Template:$/m,
        new RegExp(`^ +Image: +${busybox}$`, 'm'),
        /SuccessfulCreate .*replication-controller +Created pod: agnhost-primary-/,
      );
      await shows(
        ['pod', primary],
        new RegExp(`^Name: +${primary}$`, 'm'),
        /^Node: +\S+-1\/\d+\.\d+\.\d+\.\d+$/m,
        /^Labels: +app=agnhost-primary$/m,
        /^Status: +Running$/m,
        /^IP: +10\.244\./m,
        /^Controlled By: +ReplicationController\/agnhost-primary$/m,
        /^ +State: +Running$/m,
        /^QoS Class: +BestEffort$/m,
      );
      await shows(
        ['service', 'agnhost-primary'],
        /^Selector: +app=agnhost-primary$/m,
        /^Type: +ClusterIP$/m,
        /^IP: +10\.96\./m,
        /^Port: +<unset> +6379\/TCP$/m,
        /^Endpoints: +10\.244\.\d+\.\d+:6379$/m,
        /^Session Affinity: +None$/m,
      );
      const node = await cluster.kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}');
      await shows(
        ['node', node],
        /^CreationTimestamp: /m,
        /^ +Type +Status +LastHeartbeatTime +LastTransitionTime +Reason +Message$/m,
        /^Addresses:$/m,
        /^Capacity:$/m,
        /^ +Kernel Version: /m,
        /^ +OS Image: /m,
        /^ +Container Runtime Version: /m,
        /^ +Kubelet Version: +v1\.36/m,
      );
      await shows(['namespace', ns.name], /^Name: +describe$/m, /^Status: +Active$/m);
    });

    test('[sig-cli] Kubectl client Kubectl expose should create services for rc [Conformance]', async () => {
      const { ns, primary } = await withController('expose');
      const leadsTo = async (name: string, port: number): Promise<void> => {
        const { items } = await ns.until(['endpointslices', '-l', `kubernetes.io/service-name=${name}`], (list) =>
          assert.equal(list.items[0]?.endpoints?.length, 1),
        );
        assert.equal(items[0].endpoints[0].targetRef.name, primary);
        assert.equal(items[0].ports[0].port, 6379);
        assert.equal((await ns.get('service', name)).spec.ports[0].port, port);
      };
      const expose = (...args: string[]): Promise<string> => ns.kubectl('expose', ...args, '--target-port=6379');
      assert.equal(await expose('rc', 'agnhost-primary', '--name=rm2', '--port=1234'), 'service/rm2 exposed\n');
      await leadsTo('rm2', 1234);
      assert.equal(await expose('service', 'rm2', '--name=rm3', '--port=2345'), 'service/rm3 exposed\n');
      await leadsTo('rm3', 2345);
    });

    test('[sig-cli] Kubectl client Kubectl patch should add annotations for pods in rc [Conformance]', async () => {
      const { ns } = await withController('patch');
      for (const name of await namesOf(ns, 'agnhost-primary')) {
        await ns.kubectl('patch', 'pod', name, '-p', '{"metadata":{"annotations":{"x":"y"}}}');
        assert.equal((await ns.get('pod', name)).metadata.annotations.x, 'y');
      }
    });
  });

  describe('the update demo', { concurrency: 4 }, () => {
    const served = {
      command: shell(`mkdir /www; echo '{"image":"nautilus.jpg"}' > /www/data.json; httpd -p 80 -h /www`),
    };

    /** Waits until so many pods run and each answers, through the API server, with the picture it is to show. */
    async function shows(ns: TestNamespace, count: number): Promise<void> {
      const path = `/api/v1/namespaces/${ns.name}/pods`;
      await until(
        async () => {
          const running = (await ns.get('pods', '-l', 'app=update-demo-nautilus')).items.filter(
            ({ metadata, status }: Loose) => !metadata.deletionTimestamp && status.containerStatuses?.[0].state.running,
          );
          assert.equal(running.length, count);
          const urls: string[] = running.map(({ metadata }: Loose) => `${path}/${metadata.name}:80/proxy/data.json`);
          return Promise.all(urls.map((url) => cluster.kubectl('get', '--raw', url)));
        },
        (answers) => answers.forEach((answer) => assert.equal(JSON.parse(answer).image, 'nautilus.jpg')),
      );
    }

    async function started(name: string): Promise<{ ns: TestNamespace; input: string }> {
      const ns = await cluster.namespace(name);
      const input = JSON.stringify({ apiVersion: 'v1', ...controller('update-demo-nautilus', 2, served) });
      const { stdout } = await ns.try(['create', '-f', '-'], { input });
      assert.equal(stdout, 'replicationcontroller/update-demo-nautilus created\n');
      await shows(ns, 2);
      return { ns, input };
    }

    async function stop(ns: TestNamespace, input: string): Promise<void> {
      const { stderr, code } = await ns.try(['delete', '--grace-period=0', '--force', '-f', '-'], { input });
      assert.equal(code, 0, stderr);
      assert.equal(await ns.kubectl('get', 'rc,svc', '-l', 'app=update-demo-nautilus', '--no-headers'), '');
      await ns.until(['pods'], ({ items }) => assert.equal(items.length, 0));
    }

    test('[sig-cli] Kubectl client Update Demo should create and stop a replication controller [Conformance]', async () => {
      const { ns, input } = await started('nautilus');
      await stop(ns, input);
    });

    test('[sig-cli] Kubectl client Update Demo should scale a replication controller [Conformance]', async () => {
      const { ns, input } = await started('nautilus-scale');
      for (const count of [1, 2]) {
        const answer = await ns.kubectl('scale', 'rc', 'update-demo-nautilus', `--replicas=${count}`, '--timeout=5m');
        assert.equal(answer, 'replicationcontroller/update-demo-nautilus scaled\n');
        await shows(ns, count);
      }
      await stop(ns, input);
    });
  });

  test('[sig-cli] Kubectl client Guestbook application should create and stop a working application [Conformance]', async () => {
    const ns = await cluster.namespace('guestbook');
    const scripts = configMap('scripts', {
      // Writes go to the primary, reads to a replica, which has what the primary has.
      frontend: [
        '#!/bin/sh',
        'case "$QUERY_STRING" in cmd=set*) host=primary;; *) host=replica;; esac',
        'printf "content-type: application/json\\r\\n\\r\\n"; wget -qO- "http://$host:8080/cgi-bin/guestbook?$QUERY_STRING"',
      ].join('\n'),
      replica:
        '#!/bin/sh\nprintf "content-type: application/json\\r\\n\\r\\n"; wget -qO- "http://primary:8080/cgi-bin/guestbook?$QUERY_STRING"',
      primary: [
        '#!/bin/sh',
        'printf "content-type: application/json\\r\\n\\r\\n"',
        'case "$QUERY_STRING" in',
        '  *value=*) echo "${QUERY_STRING##*value=}" > /www/entry; echo "{\\"message\\":\\"Updated\\"}";;',
        '  *) echo "{\\"data\\":\\"$(cat /www/entry 2>/dev/null)\\"}";;',
        'esac',
      ].join('\n'),
    });
    const tier = (name: string, replicas: number): Manifest[] => {
      const serves = webServer({
        command: shell('echo > /www/index.html; httpd -p 8080 -h /www'),
        volumeMounts: [
          { name: 'www', mountPath: '/www' },
          { name: 'scripts', mountPath: '/www/cgi-bin' },
        ],
      });
      const script = { name: 'scripts', defaultMode: 0o755, items: [{ key: name, path: 'guestbook' }] };
      const volumes = [
        { name: 'www', emptyDir: {} },
        { name: 'scripts', configMap: script },
      ];
      return [
        service(name, { ports: [{ port: 8080 }] }),
        deployment(name, serves, { replicas }, { volumes, terminationGracePeriodSeconds: 1 }),
      ];
    };
    const application = [...tier('primary', 1), ...tier('replica', 2), ...tier('frontend', 3)];
    await ns.apply(scripts);
    const input = application
      .map((one) => JSON.stringify({ apiVersion: one.kind === 'Deployment' ? 'apps/v1' : 'v1', ...one }))
      .join('\n---\n');
    const created = await ns.try(['create', '-f', '-'], { input });
    assert.equal(created.stdout.match(/ created$/gm)?.length, 6, created.stderr);
    for (const name of ['primary', 'replica', 'frontend'])
      await ns.kubectl('rollout', 'status', `deployment/${name}`, '--timeout=60s');

    const guestbook = (query: string): Promise<string> =>
      cluster.kubectl(
        'get',
        '--raw',
        `/api/v1/namespaces/${ns.name}/services/frontend:8080/proxy/cgi-bin/guestbook?${query}`,
      );
    await ns.until(['endpoints', 'frontend'], ({ subsets }) => assert.equal(subsets?.[0]?.addresses?.length, 3));
    assert.deepEqual(JSON.parse(await guestbook('cmd=get&key=messages')), { data: '' });
    assert.deepEqual(JSON.parse(await guestbook('cmd=set&key=messages&value=TestEntry')), { message: 'Updated' });
    assert.deepEqual(JSON.parse(await guestbook('cmd=get&key=messages')), { data: 'TestEntry' });

    const deleted = await ns.try(['delete', '--grace-period=0', '--force', '-f', '-'], { input });
    assert.equal(deleted.code, 0, deleted.stderr);
    assert.equal(await ns.kubectl('get', 'deployments,services', '--no-headers'), '');
    await ns.until(['pods'], ({ items }) => assert.equal(items.length, 0));
  });

  test('[sig-cli] Kubectl client Kubectl label should update the label on a resource [Conformance]', async () => {
    const ns = await cluster.namespace('label');
    await ns.apply(pod('pause'));
    await ns.waitFor('condition=Ready', 'pod/pause');
    await ns.kubectl('label', 'pods', 'pause', 'testing-label=testing-label-value');
    assert.match(await ns.kubectl('get', 'pod', 'pause', '-L', 'testing-label'), / testing-label-value\n$/);
    await ns.kubectl('label', 'pods', 'pause', 'testing-label-');
    assert.doesNotMatch(await ns.kubectl('get', 'pod', 'pause', '-L', 'testing-label'), /testing-label-value/);
  });

  const serverImage = 'kedge.test/other:2';

  async function withRun(name: string): Promise<{ ns: TestNamespace; read: Loose }> {
    const ns = await cluster.namespace(name);
    const run = ['run', 'e2e-test-httpd-pod', `--image=${busybox}`, '--labels=run=e2e-test-httpd-pod'];
    await ns.kubectl(...run, '--', ...shell());
    await ns.waitFor('condition=Ready', 'pod', '-l', 'run=e2e-test-httpd-pod');
    return { ns, read: await ns.get('pod', 'e2e-test-httpd-pod') };
  }

  test("[sig-cli] Kubectl client Kubectl replace should update a single-container pod's image [Conformance]", async () => {
    const { ns, read } = await withRun('replace');
    read.spec.containers[0].image = serverImage;
    const { stdout } = await ns.try(['replace', '-f', '-'], { input: JSON.stringify(read) });
    assert.equal(stdout, 'pod/e2e-test-httpd-pod replaced\n');
    assert.equal((await ns.get('pod', 'e2e-test-httpd-pod')).spec.containers[0].image, serverImage);
  });

  test('[sig-cli] Kubectl client Kubectl server-side dry-run should check if kubectl can dry-run update Pods [Conformance]', async () => {
    const { ns } = await withRun('dry-run');
    const body = { spec: { containers: [{ name: 'e2e-test-httpd-pod', image: serverImage }] } };
    const patch = ['patch', 'pod', 'e2e-test-httpd-pod', '--dry-run=server', '-p', JSON.stringify(body)];
    const patched = JSON.parse(await ns.kubectl(...patch, '-o', 'json'));
    assert.equal(patched.spec.containers[0].image, serverImage);
    assert.equal((await ns.get('pod', 'e2e-test-httpd-pod')).spec.containers[0].image, busybox);
    await ns.kubectl('delete', 'pods', 'e2e-test-httpd-pod', '--now');
  });

  test('[sig-cli] Kubectl client Kubectl run pod should create a pod from an image when restart is Never [Conformance]', async () => {
    const ns = await cluster.namespace('run');
    await ns.kubectl(
      'run',
      'e2e-test-httpd-pod',
      '--restart=Never',
      '--pod-running-timeout=2m0s',
      `--image=${busybox}`,
    );
    const { spec } = await ns.get('pod', 'e2e-test-httpd-pod');
    assert.equal(spec.containers[0].image, busybox);
    assert.equal(spec.restartPolicy, 'Never');
  });

  test('[sig-cli] Kubectl client Kubectl diff should check if kubectl diff finds a difference for Deployments [Conformance]', async () => {
    const ns = await cluster.namespace('diff');
    await ns.apply(deployment('httpd-deployment'));
    const input = JSON.stringify({
      apiVersion: 'apps/v1',
      ...deployment('httpd-deployment', { image: serverImage }),
    });
    const { code, stdout } = await ns.try(['diff', '-f', '-'], { input });
    assert.equal(code, 1, 'there is a difference');
    assert.match(stdout, new RegExp(`^- .*image: ${busybox}$`, 'm'));
    assert.match(stdout, new RegExp(`^\\+ .*image: ${serverImage}$`, 'm'));
  });

  test('[sig-cli] Kubectl client Kubectl api-versions should check if v1 is in available api versions [Conformance]', async () => {
    assert.ok((await cluster.kubectl('api-versions')).split('\n').includes('v1'));
  });

  test('[sig-cli] Kubectl client Kubectl cluster-info should check if Kubernetes control plane services is included in cluster-info [Conformance]', async () => {
    const colors = new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, 'g');
    const output = (await cluster.kubectl('cluster-info')).replaceAll(colors, '');
    assert.match(output, /^Kubernetes control plane is running at https:\/\//m);
  });

  test('[sig-cli] Kubectl client Kubectl version should check is all data is printed [Conformance]', async () => {
    assert.match(await cluster.kubectl('version'), /^Client Version: v1\.35[^]*^Server Version: v1\.36/m);
  });

  test('[sig-cli] Kubectl client Proxy server should support proxy with --port 0 [Conformance]', async () => {
    await using proxy = await cluster.startKubectl(['proxy', '-p', '0', '--disable-filter']);
    const [, port] = await proxy.until(/Starting to serve on 127\.0\.0\.1:(\d+)/);
    const answer = await ask(`http://127.0.0.1:${port}/api/`);
    assert.deepEqual(JSON.parse(answer.text).versions, ['v1']);
  });

  test('[sig-cli] Kubectl client Proxy server should support --unix-socket=/path [Conformance]', async () => {
    const socketPath = join(cluster.home, 'proxy.sock');
    await using proxy = await cluster.startKubectl(['proxy', `--unix-socket=${socketPath}`]);
    await proxy.until(/Starting to serve on /);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const asked = request({ socketPath, path: '/api/' }, (response) => {
      text(response).then(resolve, reject);
    });
    asked.on('error', reject).end();
    assert.deepEqual(JSON.parse(await promise).versions, ['v1']);
  });

  test('[sig-cli] Kubectl logs logs should be able to retrieve and filter logs [Conformance]', async () => {
    const ns = await cluster.namespace('logs');
    const command = shell('n=0; while [ $n -lt 100 ]; do echo "$n GET /api/v1/pods"; n=$((n+1)); done; echo done');
    const said = ns.kubectl('run', 'logs-generator', `--image=${busybox}`, '--restart=Never', '--', ...command);
    assert.equal(await said, 'pod/logs-generator created\n');
    await until(
      () => ns.logs('logs-generator'),
      (output) => assert.match(output, /^done$/m),
    );
    const all = await ns.logs('logs-generator');
    assert.equal(all.trim().split('\n').length, 101);
    assert.equal(await ns.logs('logs-generator', '--tail=1'), 'done\n');
    assert.equal(await ns.logs('logs-generator', '--limit-bytes=1'), '0');
    const stamped = await ns.logs('logs-generator', '--tail=1', '--timestamps');
    assert.match(stamped, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z done\n$/);
    await until(
      () => ns.logs('logs-generator', '--since=1s'),
      (recent) => assert.equal(recent, ''),
    );
    assert.equal(await ns.logs('logs-generator', '--since=24h'), all);
    await ns.kubectl('delete', 'pod', 'logs-generator', '--now');
  });
});
