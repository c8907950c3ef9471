/** The behaviours of the conformance suite that single containers show: what they are given, run as, and leave behind. */
import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { busyboxFiles, dockerArchive, tarOf } from '../../src/container-runtime/testing/test-image.ts';
import { ApiCluster, type ApiNamespace } from '../support/api-cluster.ts';
import { configMap, container, scripted, secret, service, type Scripted } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose } from '../support/test-namespace.ts';
import { until } from '../support/until.ts';

type Fields = Record<string, unknown>;

/** An image that says what it is told, and something of its own when it is told nothing. */
const entrypoint = 'kedge.test/entrypoint:1';

async function entrypointArchive(): Promise<Buffer> {
  const config = { Entrypoint: ['/bin/echo', 'the entrypoint says:'], Cmd: ['default', 'arguments'] };
  return buffer(await dockerArchive(entrypoint, [await tarOf(await busyboxFiles())], config));
}

describe('containers', { skip: cannotRun(), concurrency: 3 }, () => {
  let cluster: ApiCluster;
  let ns: ApiNamespace;
  let node: Loose;
  before(async () => {
    cluster = await ApiCluster.up();
    await cluster.cluster.loadImage(await entrypointArchive());
    [node] = (await cluster.ask('/api/v1/nodes')).items;
    ns = await cluster.namespace('containers');
    await ns.create(
      configMap('config', { 'data-1': 'value-1', data_2: 'value-2' }),
      secret('secret', { 'data-1': 'value-1', data_2: 'value-2' }),
    );
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  /** The lines that a container of these fields prints when it shows its environment. */
  async function environment(fields: Fields, more: Scripted = {}): Promise<Set<string>> {
    const output = await ns.run(scripted('', { ...more, fields: { command: ['env'], ...fields } }));
    return new Set(output.split('\n'));
  }

  function assertHas(lines: Set<string>, ...wanted: string[]): void {
    for (const line of wanted) assert.ok(lines.has(line), `${line} in ${[...lines].join(' ')}`);
  }

  describe('environment', { concurrency: 3 }, () => {
    const sources: Record<string, { key: string; ref: string }> = {
      ConfigMap: { key: 'configMapKeyRef', ref: 'configMapRef' },
      Secret: { key: 'secretKeyRef', ref: 'secretRef' },
    };
    const nameOf: Record<string, string> = { ConfigMap: 'config', Secret: 'secret' };

    const single: [string, string][] = [
      [
        '[sig-node] ConfigMap should be consumable via environment variable [NodeConformance] [Conformance]',
        'ConfigMap',
      ],
      ['[sig-node] Secrets should be consumable from pods in env vars [NodeConformance] [Conformance]', 'Secret'],
    ];
    for (const [behaviour, kind] of single)
      test(behaviour, async () => {
        const valueFrom = { [sources[kind]!.key]: { name: nameOf[kind], key: 'data-1' } };
        assertHas(await environment({ env: [{ name: 'DATA', valueFrom }] }), 'DATA=value-1');
      });

    const whole: [string, string, string[]][] = [
      [
        '[sig-node] ConfigMap should be consumable via the environment [NodeConformance] [Conformance]',
        'ConfigMap',
        ['', 'p_'],
      ],
      [
        '[sig-node] Secrets should be consumable via the environment [NodeConformance] [Conformance]',
        'Secret',
        ['', 'p_'],
      ],
      [
        '[sig-node] ConfigMap should be consumable as environment variable names with various prefixes [Conformance]',
        'ConfigMap',
        ['1-', '$_', '#@!', 'p:'],
      ],
      [
        '[sig-node] Secrets should be consumable as environment variable names variable names with various prefixes [Conformance]',
        'Secret',
        ['1-', '$_', '#@!', 'p:'],
      ],
    ];
    for (const [behaviour, kind, prefixes] of whole)
      test(behaviour, async () => {
        const envFrom = prefixes.map((prefix) => ({ prefix, [sources[kind]!.ref]: { name: nameOf[kind] } }));
        const lines = await environment({ envFrom });
        for (const prefix of prefixes) assertHas(lines, `${prefix}data-1=value-1`, `${prefix}data_2=value-2`);
      });

    const field = (name: string, fieldPath: string): Fields => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const resource = (name: string, of: string): Fields => ({
      name,
      valueFrom: { resourceFieldRef: { resource: of } },
    });

    /** What a container says of the pod, beside the pod as the API shows it. */
    async function toldAndShown(env: Fields[], name: string): Promise<{ lines: Set<string>; pod: Loose }> {
      await ns.create(scripted('', { metadata: { name }, fields: { command: ['env'], env } }));
      const pod = await ns.untilPod(name, ({ status }) => assert.equal(status.phase, 'Succeeded'));
      return { lines: new Set((await ns.logs(name)).split('\n')), pod };
    }

    test('[sig-node] Downward API should provide pod name, namespace and IP address as env vars [NodeConformance] [Conformance]', async () => {
      const env = [
        field('NAME', 'metadata.name'),
        field('NAMESPACE', 'metadata.namespace'),
        field('IP', 'status.podIP'),
      ];
      const { lines, pod } = await toldAndShown(env, 'downward-name');
      assertHas(lines, 'NAME=downward-name', `NAMESPACE=${ns.name}`, `IP=${pod.status.podIP}`);
    });

    test('[sig-node] Downward API should provide host IP as an env var [NodeConformance] [Conformance]', async () => {
      const { lines, pod } = await toldAndShown([field('HOST_IP', 'status.hostIP')], 'downward-host-ip');
      assertHas(lines, `HOST_IP=${pod.status.hostIP}`);
    });

    test('[sig-node] Downward API should provide hostIPs as an env var [NodeConformance] [Conformance]', async () => {
      const { lines, pod } = await toldAndShown([field('HOST_IPS', 'status.hostIPs')], 'downward-host-ips');
      assertHas(lines, `HOST_IPS=${pod.status.hostIPs.map(({ ip }: Loose) => ip).join(',')}`);
    });

    test('[sig-node] Downward API should provide pod UID as env vars [NodeConformance] [Conformance]', async () => {
      const { lines, pod } = await toldAndShown([field('POD_UID', 'metadata.uid')], 'downward-uid');
      assertHas(lines, `POD_UID=${pod.metadata.uid}`);
    });

    const asked = [
      resource('CPU_LIMIT', 'limits.cpu'),
      resource('MEMORY_LIMIT', 'limits.memory'),
      resource('CPU_REQUEST', 'requests.cpu'),
      resource('MEMORY_REQUEST', 'requests.memory'),
    ];

    test("[sig-node] Downward API should provide container's limits.cpu/memory and requests.cpu/memory as env vars [NodeConformance] [Conformance]", async () => {
      const resources = { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '1250m', memory: '64Mi' } };
      const lines = await environment({ env: asked, resources });
      assertHas(lines, 'CPU_LIMIT=2', 'MEMORY_LIMIT=67108864', 'CPU_REQUEST=1', 'MEMORY_REQUEST=33554432');
    });

    test('[sig-node] Downward API should provide default limits.cpu/memory from node allocatable [NodeConformance] [Conformance]', async () => {
      const { cpu, memory } = node.status.allocatable;
      const [, kibibytes] = /^(\d+)Ki$/.exec(memory) ?? [];
      const lines = await environment({ env: asked.slice(0, 2) });
      assertHas(lines, `CPU_LIMIT=${cpu}`, `MEMORY_LIMIT=${Number(kibibytes) * 1024}`);
    });

    test('[sig-node] Pods should contain environment variables for services [NodeConformance] [Conformance]', async () => {
      const own = await cluster.namespace('services');
      const { spec } = await own.create(service('fooservice', { ports: [{ port: 8765, targetPort: 8080 }] }));
      const address = spec.clusterIP;
      const output = await own.run(scripted('', { fields: { command: ['env'] } }));
      assertHas(
        new Set(output.split('\n')),
        `FOOSERVICE_SERVICE_HOST=${address}`,
        'FOOSERVICE_SERVICE_PORT=8765',
        `FOOSERVICE_PORT=tcp://${address}:8765`,
        'FOOSERVICE_PORT_8765_TCP_PORT=8765',
        'FOOSERVICE_PORT_8765_TCP_PROTO=tcp',
        `FOOSERVICE_PORT_8765_TCP=tcp://${address}:8765`,
        `FOOSERVICE_PORT_8765_TCP_ADDR=${address}`,
      );
    });

    test('[sig-node] Variable Expansion should allow composing env vars into new env vars [NodeConformance] [Conformance]', async () => {
      const env = [
        { name: 'FOO', value: 'foo-value' },
        { name: 'BAR', value: 'bar-value' },
        { name: 'FOOBAR', value: '$(FOO);;$(BAR)' },
      ];
      assertHas(await environment({ env }), 'FOO=foo-value', 'BAR=bar-value', 'FOOBAR=foo-value;;bar-value');
    });

    const env = [{ name: 'TEST_VAR', value: 'test-value' }];
    const say = 'TEST_VAR=wrong echo "$(TEST_VAR)"';

    test("[sig-node] Variable Expansion should allow substituting values in a container's command [NodeConformance] [Conformance]", async () => {
      assert.equal(await ns.run(scripted(say, { fields: { env } })), 'test-value\n');
    });

    test("[sig-node] Variable Expansion should allow substituting values in a container's args [NodeConformance] [Conformance]", async () => {
      const fields = { env, command: ['sh', '-c'], args: [say] };
      assert.equal(await ns.run(scripted('', { fields })), 'test-value\n');
    });
  });

  describe('paths in volumes', { concurrency: 3 }, () => {
    const volumes = [{ name: 'work', emptyDir: {} }];
    const mounted = (subPathExpr: string): Fields[] => [
      { name: 'work', mountPath: '/subpath_mount', subPathExpr },
      { name: 'work', mountPath: '/volume_mount' },
    ];

    test('[sig-node] Variable Expansion should allow substituting values in a volume subpath [Conformance]', async () => {
      const fields = { env: [{ name: 'POD_NAME', value: 'foo' }], volumeMounts: mounted('$(POD_NAME)') };
      const pod = scripted('test -d /volume_mount/foo && echo "there it is"', { fields, spec: { volumes } });
      assert.equal(await ns.run(pod), 'there it is\n');
    });

    const ofAnnotation = {
      name: 'ANNOTATION',
      valueFrom: { fieldRef: { fieldPath: "metadata.annotations['mysubpath']" } },
    };
    const ofName = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };

    test('[sig-node] Variable Expansion should succeed in writing subpaths in container [Conformance]', async () => {
      const metadata = { name: 'var-expansion-writes', annotations: { mysubpath: 'mypath' } };
      const volumeMounts = mounted('$(ANNOTATION)/$(POD_NAME)');
      const script =
        'touch /volume_mount/mypath/var-expansion-writes/test.log && test -f /subpath_mount/test.log && echo written';
      const fields = { env: [ofAnnotation, ofName], volumeMounts };
      assert.equal(await ns.run(scripted(script, { metadata, fields, spec: { volumes } })), 'written\n');
    });

    const refused: [string, string, string][] = [
      [
        '[sig-node] Variable Expansion should fail substituting values in a volume subpath with absolute path [Conformance]',
        '/tmp',
        'absolute',
      ],
      [
        '[sig-node] Variable Expansion should fail substituting values in a volume subpath with backticks [Conformance]',
        '..',
        'backticks',
      ],
    ];
    for (const [behaviour, value, name] of refused)
      test(behaviour, async () => {
        const fields = { env: [{ name: 'POD_NAME', value }], volumeMounts: mounted('$(POD_NAME)') };
        await ns.create(scripted('true', { metadata: { name }, fields, spec: { volumes } }));
        const { status } = await ns.untilPod(name, (pod) =>
          assert.ok(pod.status.containerStatuses?.[0].state.waiting?.message),
        );
        assert.equal(status.containerStatuses[0].state.waiting.reason, 'CreateContainerConfigError');
        assert.equal(status.phase, 'Pending');
        await ns.delete('Pod', name);
      });

    test('[sig-node] Variable Expansion should verify that a failing subpath expansion can be modified during the lifecycle of a container [Slow] [Conformance]', async () => {
      const metadata = { name: 'var-expansion-later', annotations: { notmysubpath: 'mypath' } };
      const fields = { env: [ofAnnotation, ofName], volumeMounts: mounted('$(ANNOTATION)/$(POD_NAME)') };
      await ns.create(scripted('sleep 3600', { metadata, fields, spec: { volumes } }));
      const waiting = await ns.untilPod(metadata.name, (pod) =>
        assert.ok(pod.status.containerStatuses?.[0].state.waiting?.message),
      );
      assert.equal(waiting.status.containerStatuses[0].state.waiting.reason, 'CreateContainerConfigError');
      await ns.patch('Pod', metadata.name, { metadata: { annotations: { mysubpath: 'mypath' } } });
      await ns.untilPod(metadata.name, (pod) => assert.equal(pod.status.phase, 'Running'));
      await ns.delete('Pod', metadata.name);
    });
  });

  describe('the process', { concurrency: 3 }, () => {
    const commands: [string, Fields, string][] = [
      [
        '[sig-node] Containers should use the image defaults if command and args are blank [NodeConformance] [Conformance]',
        {},
        'the entrypoint says: default arguments\n',
      ],
      [
        "[sig-node] Containers should be able to override the image's default arguments (container cmd) [NodeConformance] [Conformance]",
        { args: ['override', 'arguments'] },
        'the entrypoint says: override arguments\n',
      ],
      [
        "[sig-node] Containers should be able to override the image's default command (container entrypoint) [NodeConformance] [Conformance]",
        { command: ['echo', 'override command'] },
        'override command\n',
      ],
      [
        "[sig-node] Containers should be able to override the image's default command and arguments [NodeConformance] [Conformance]",
        { command: ['echo', 'override command'], args: ['and arguments'] },
        'override command and arguments\n',
      ],
    ];
    for (const [behaviour, fields, says] of commands)
      test(behaviour, async () => {
        const pod = scripted('', { fields: { image: entrypoint, command: undefined, ...fields } });
        assert.equal(await ns.run(pod), says);
      });

    test('[sig-node] Kubelet when scheduling a busybox command in a pod should print the output to logs [NodeConformance] [Conformance]', async () => {
      assert.equal(await ns.run(scripted("echo 'Hello World'")), 'Hello World\n');
    });

    test('[sig-node] Security Context When creating a container with runAsUser should run the container with uid 65534 [LinuxOnly] [NodeConformance] [Conformance]', async () => {
      assert.equal(await ns.run(scripted('id -u', { fields: { securityContext: { runAsUser: 65534 } } })), '65534\n');
    });

    test('[sig-node] Security Context When creating a pod with privileged should run the container as unprivileged when false [LinuxOnly] [NodeConformance] [Conformance]', async () => {
      const fields = { securityContext: { privileged: false } };
      const output = await ns.run(scripted('ip link add dummy0 type dummy 2>&1 || true', { fields }));
      assert.match(output, /RTNETLINK answers: Operation not permitted/);
    });

    test('[sig-node] Security Context When creating a pod with readOnlyRootFilesystem should run the container with writable rootfs when readOnlyRootFilesystem=false [NodeConformance] [Conformance]', async () => {
      const fields = { securityContext: { readOnlyRootFilesystem: false } };
      assert.equal(await ns.run(scripted('touch checkfile && ls checkfile', { fields })), 'checkfile\n');
    });

    test('[sig-node] Kubelet when scheduling a read only busybox container should not write to root filesystem [LinuxOnly] [NodeConformance] [Conformance]', async () => {
      const fields = { securityContext: { readOnlyRootFilesystem: true } };
      const output = await ns.run(scripted('(echo test > /file) 2>&1; true', { fields }));
      assert.match(output, /Read-only file system/);
    });

    const ids = { runAsUser: 1001, runAsGroup: 2002 };
    const ofUsers: [string, Scripted][] = [
      [
        '[sig-node] Security Context should support container.SecurityContext.RunAsUser And container.SecurityContext.RunAsGroup [LinuxOnly] [Conformance]',
        { fields: { securityContext: ids } },
      ],
      [
        '[sig-node] Security Context should support pod.Spec.SecurityContext.RunAsUser And pod.Spec.SecurityContext.RunAsGroup [LinuxOnly] [Conformance]',
        { spec: { securityContext: ids } },
      ],
    ];
    for (const [behaviour, more] of ofUsers)
      test(behaviour, async () => {
        assert.match(await ns.run(scripted('id', more)), /^uid=1001\S* gid=2002\b/);
      });

    test('[sig-node] Security Context when creating containers with AllowPrivilegeEscalation should not allow privilege escalation when false [LinuxOnly] [NodeConformance] [Conformance]', async () => {
      const securityContext = { allowPrivilegeEscalation: false, runAsUser: 1000 };
      const script = 'id -u; grep NoNewPrivs /proc/self/status';
      assert.equal(await ns.run(scripted(script, { fields: { securityContext } })), '1000\nNoNewPrivs:\t1\n');
    });

    test('[sig-node] Sysctls [LinuxOnly] [NodeConformance] should support sysctls [Environment:NotInUserNS] [Conformance]', async () => {
      const spec = { securityContext: { sysctls: [{ name: 'kernel.shm_rmid_forced', value: '1' }] } };
      assert.equal(await ns.run(scripted('cat /proc/sys/kernel/shm_rmid_forced', { spec })), '1\n');
    });

    test('[sig-node] Sysctls [LinuxOnly] [NodeConformance] should reject invalid sysctls [Conformance]', async () => {
      const sysctls = ['foo-', 'kernel.shmmax', 'bar..'].map((name) => ({ name, value: '42' }));
      const body = scripted('true', { spec: { securityContext: { sysctls } } });
      const { status, json } = await cluster.http.post(ns.path('Pod'), body);
      assert.equal(status, 422);
      assert.match(json.message, /Invalid value: "foo-"/);
      assert.match(json.message, /Invalid value: "bar\.\."/);
      assert.doesNotMatch(json.message, /kernel\.shmmax/);
    });
  });

  describe('hosts files', { concurrency: 3 }, () => {
    const managed = '# Kubernetes-managed hosts file.\n';

    test('[sig-node] Kubelet when scheduling an agnhost Pod with hostAliases should write entries to /etc/hosts [NodeConformance] [Conformance]', async () => {
      const spec = { hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }] };
      assert.match(await ns.run(scripted('cat /etc/hosts', { spec })), /^123\.45\.67\.89\tfoo\tbar$/m);
    });

    test('[sig-node] KubeletManagedEtcHosts should test kubelet managed /etc/hosts file [NodeConformance] [Conformance]', async () => {
      assert.ok((await ns.run(scripted('cat /etc/hosts'))).startsWith(managed));
      const volumes = { '/etc/hosts': { hostPath: { path: '/etc/hosts', type: 'File' } } };
      assert.doesNotMatch(await ns.run(scripted('cat /etc/hosts', { volumes })), new RegExp(managed));
      assert.doesNotMatch(
        await ns.run(scripted('cat /etc/hosts', { spec: { hostNetwork: true } })),
        new RegExp(managed),
      );
    });
  });

  describe('the end of a container', { concurrency: 3 }, () => {
    const onLogs = { terminationMessagePolicy: 'FallbackToLogsOnError' };
    const messages: [string, { script: string; fields?: Fields; phase: string; message: string }][] = [
      [
        '[sig-node] Container Runtime blackbox test on terminated container should report termination message if TerminationMessagePath is set as non-root user and at a non-default path [NodeConformance] [Conformance]',
        {
          script: 'printf DONE > /dev/termination-custom-log',
          fields: { terminationMessagePath: '/dev/termination-custom-log', securityContext: { runAsUser: 10000 } },
          phase: 'Succeeded',
          message: 'DONE',
        },
      ],
      [
        '[sig-node] Container Runtime blackbox test on terminated container should report termination message from log output if TerminationMessagePolicy FallbackToLogsOnError is set [NodeConformance] [Conformance]',
        {
          script: 'printf DONE; exit 1',
          fields: onLogs,
          phase: 'Failed',
          message: 'DONE',
        },
      ],
      [
        '[sig-node] Container Runtime blackbox test on terminated container should report termination message as empty when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set [NodeConformance] [Conformance]',
        {
          script: 'printf DONE',
          fields: onLogs,
          phase: 'Succeeded',
          message: '',
        },
      ],
      [
        '[sig-node] Container Runtime blackbox test on terminated container should report termination message from file when pod succeeds and TerminationMessagePolicy FallbackToLogsOnError is set [NodeConformance] [Conformance]',
        {
          script: 'printf DONE; printf OK > /dev/termination-log',
          fields: onLogs,
          phase: 'Succeeded',
          message: 'OK',
        },
      ],
    ];
    for (const [behaviour, { script, fields = {}, phase, message }] of messages)
      test(behaviour, async () => {
        const name = `message-${messages.findIndex(([one]) => one === behaviour)}`;
        await ns.create(scripted(script, { metadata: { name }, fields }));
        const { status } = await ns.untilPod(name, (pod) => assert.equal(pod.status.phase, phase));
        assert.equal(status.containerStatuses[0].state.terminated.message ?? '', message);
        await ns.delete('Pod', name);
      });

    test('[sig-node] Container Runtime blackbox test when starting a container that exits should run with the expected status [NodeConformance] [Conformance]', async () => {
      const script = [
        'echo run >> /restart-count/runs',
        'runs=$(busybox wc -l < /restart-count/runs)',
        'test $runs -eq 1 && exit 1',
        'test $runs -eq 2 && exit 0',
        'while true; do sleep 1; done',
      ].join('; ');
      const expected: [string, { phase: string; restartCount: number; ready: boolean }][] = [
        ['Always', { phase: 'Running', restartCount: 2, ready: true }],
        ['OnFailure', { phase: 'Succeeded', restartCount: 1, ready: false }],
        ['Never', { phase: 'Failed', restartCount: 0, ready: false }],
      ];
      const shows = async ([restartPolicy, wanted]: (typeof expected)[number]): Promise<void> => {
        const name = `terminate-cmd-${restartPolicy.toLowerCase()}`;
        const volumes = { '/restart-count': { emptyDir: {} } };
        await ns.create(scripted(script, { metadata: { name }, volumes, spec: { restartPolicy } }));
        await ns.untilPod(name, ({ status }) => {
          const { restartCount, ready } = status.containerStatuses[0];
          assert.deepEqual({ phase: status.phase, restartCount, ready }, wanted);
        });
        await ns.delete('Pod', name);
      };
      await Promise.all(expected.map(shows));
    });

    test('[sig-node] Kubelet when scheduling a busybox command that always fails in a pod should have an terminated reason [NodeConformance] [Conformance]', async () => {
      const metadata = { name: 'bin-false' };
      await ns.create(scripted('', { metadata, fields: { command: ['false'] }, spec: { restartPolicy: 'Always' } }));
      const { status } = await ns.untilPod('bin-false', (pod) => {
        const { state, lastState } = pod.status.containerStatuses[0];
        assert.ok(state.terminated?.reason ?? lastState.terminated?.reason);
      });
      const { state, lastState } = status.containerStatuses[0];
      const { exitCode, reason } = state.terminated ?? lastState.terminated;
      assert.deepEqual([exitCode, reason], [1, 'Error']);
      await ns.delete('Pod', 'bin-false');
    });

    test('[sig-node] Kubelet when scheduling a busybox command that always fails in a pod should be possible to delete [NodeConformance] [Conformance]', async () => {
      const metadata = { name: 'bin-false-deleted' };
      await ns.create(scripted('', { metadata, fields: { command: ['false'] }, spec: { restartPolicy: 'Always' } }));
      await ns.untilPod(metadata.name, ({ status }) => assert.ok(status.containerStatuses[0].restartCount > 0));
      const path = ns.path('Pod', metadata.name);
      await cluster.ask(path, { method: 'DELETE' });
      await until(
        () => cluster.http.get(path),
        ({ status }) => assert.equal(status, 404),
      );
    });
  });

  describe('init containers', { concurrency: 3 }, () => {
    const pod = (name: string, restartPolicy: string, init: string[], main: string) =>
      scripted(main, {
        metadata: { name },
        spec: {
          restartPolicy,
          initContainers: init.map((command, at) =>
            container({ name: `init${at + 1}`, command: ['sh', '-c', command] }),
          ),
        },
      });
    const conditionOf = ({ status }: Loose, type: string): string =>
      status.conditions.find((one: Loose) => one.type === type).status;
    const assertEnded = ({ status }: Loose): void => {
      assert.equal(status.initContainerStatuses.length, 2);
      for (const { state, ready } of status.initContainerStatuses) {
        assert.equal(state.terminated.exitCode, 0);
        assert.ok(ready);
      }
    };

    test('[sig-node] InitContainer [NodeConformance] should invoke init containers on a RestartNever pod [Conformance]', async () => {
      await ns.create(pod('init-never', 'Never', ['true', 'true'], 'true'));
      const ended = await ns.untilPod('init-never', ({ status }) => assert.equal(status.phase, 'Succeeded'));
      assert.equal(conditionOf(ended, 'Initialized'), 'True');
      assertEnded(ended);
    });

    test('[sig-node] InitContainer [NodeConformance] should invoke init containers on a RestartAlways pod [Conformance]', async () => {
      await ns.create(pod('init-always', 'Always', ['true', 'true'], 'sleep 3600'));
      const running = await ns.untilPod('init-always', ({ status }) => assert.equal(status.phase, 'Running'));
      assert.equal(conditionOf(running, 'Initialized'), 'True');
      assertEnded(running);
      await ns.delete('Pod', 'init-always');
    });

    test('[sig-node] InitContainer [NodeConformance] should not start app containers if init containers fail on a RestartAlways pod [Conformance]', async () => {
      await ns.create(pod('init-fails', 'Always', ['false', 'true'], 'sleep 3600'));
      const pending = await ns.untilPod('init-fails', ({ status }) =>
        assert.ok(status.initContainerStatuses?.[0].restartCount >= 2),
      );
      assert.equal(pending.status.phase, 'Pending');
      assert.equal(conditionOf(pending, 'Initialized'), 'False');
      const [, second] = pending.status.initContainerStatuses;
      const [main] = pending.status.containerStatuses;
      assert.equal(second.state.waiting.reason, 'PodInitializing');
      assert.equal(main.state.waiting.reason, 'PodInitializing');
      await ns.delete('Pod', 'init-fails');
    });

    test('[sig-node] InitContainer [NodeConformance] should not start app containers and fail the pod if init containers fail on a RestartNever pod [Conformance]', async () => {
      await ns.create(pod('init-fails-never', 'Never', ['true', 'false'], 'true'));
      const failed = await ns.untilPod('init-fails-never', ({ status }) => assert.equal(status.phase, 'Failed'));
      assert.equal(conditionOf(failed, 'Initialized'), 'False');
      const [first, second] = failed.status.initContainerStatuses;
      assert.deepEqual([first.state.terminated.exitCode, second.state.terminated.exitCode], [0, 1]);
      assert.equal(failed.status.containerStatuses[0].state.terminated, undefined, 'the container never ran');
    });
  });
});
