/** The behaviours of the conformance suite that the life of pods shows: hooks, probes, later containers, their end. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { dialRemoteCommand } from '#wire';
import { ApiCluster, type ApiNamespace } from '../support/api-cluster.ts';
import { busybox, container, pod, scripted, shell, toolbox } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import type { Loose, Manifest } from '../support/test-namespace.ts';
import { until } from '../support/until.ts';

type Fields = Record<string, unknown>;

describe('pods', { skip: cannotRun(), concurrency: 3 }, () => {
  let cluster: ApiCluster;
  let ns: ApiNamespace;
  before(async () => {
    cluster = await ApiCluster.up();
    ns = await cluster.namespace('pods');
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  /** A pod that runs on, which ends within a second. */
  const lasting = (name: string, fields: Fields = {}, spec: Fields = {}, metadata: Fields = {}): Manifest =>
    pod(name, fields, { terminationGracePeriodSeconds: 1, ...spec }, metadata);

  const isGone = (name: string): Promise<unknown> =>
    until(
      () => cluster.http.get(ns.path('Pod', name)),
      ({ status }) => assert.equal(status, 404),
    );

  /** Asks for the end of a pod as a user does: it may take its time. */
  const remove = (name: string): Promise<Loose> => cluster.ask(ns.path('Pod', name), { method: 'DELETE' });

  describe('hooks', { concurrency: 3 }, () => {
    let address: string;
    before(async () => {
      const script =
        'mkdir /www; cd /www; touch poststart-exec poststart-http prestop-exec prestop-http prestop-killed';
      const server = lasting('server', { command: ['sh', '-c', `${script}; httpd -f -vv -p 8080`] });
      address = (await ns.start(server)).status.podIP;
    });
    const isAsked = (message: string): Promise<string> =>
      ns.untilLogs('server', (logs) => assert.ok(logs.includes(`url:/${message}`), logs));
    const exec = (message: string): Fields => ({
      exec: { command: ['wget', '-qO-', `http://${address}:8080/${message}`] },
    });
    const http = (message: string): Fields => ({
      httpGet: { host: address, port: 8080, path: `/${message}` },
    });

    const afterStart: [string, (message: string) => Fields, string][] = [
      [
        '[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook should execute poststart exec hook properly [NodeConformance] [Conformance]',
        exec,
        'poststart-exec',
      ],
      [
        '[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook should execute poststart http hook properly [NodeConformance] [Conformance]',
        http,
        'poststart-http',
      ],
    ];
    for (const [behaviour, hook, name] of afterStart)
      test(behaviour, async () => {
        await ns.start(lasting(name, { lifecycle: { postStart: hook(name) } }));
        await isAsked(name);
        await ns.delete('Pod', name);
      });

    const beforeStop: [string, (message: string) => Fields, string][] = [
      [
        '[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook should execute prestop exec hook properly [NodeConformance] [Conformance]',
        exec,
        'prestop-exec',
      ],
      [
        '[sig-node] Container Lifecycle Hook when create a pod with lifecycle hook should execute prestop http hook properly [NodeConformance] [Conformance]',
        http,
        'prestop-http',
      ],
      ['[sig-node] PreStop should call prestop when killing a pod [Conformance]', exec, 'prestop-killed'],
    ];
    for (const [behaviour, hook, name] of beforeStop)
      test(behaviour, async () => {
        await ns.start(lasting(name, { lifecycle: { preStop: hook(name) } }, { terminationGracePeriodSeconds: 15 }));
        assert.ok(!(await ns.logs('server')).includes(name), 'it is not called before');
        await remove(name);
        await isAsked(name);
        await isGone(name);
      });
  });

  describe('probes', { concurrency: 5 }, () => {
    const often = { periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 5 };
    const serves = (script: string): Fields => ({
      image: toolbox,
      imagePullPolicy: 'IfNotPresent',
      command: ['node', '-e', script],
    });
    /** Says `asked` of every connection. */
    const tcpServer = `require('node:net').createServer((socket) => { console.log('asked'); socket.end(); }).listen(8080);`;
    const httpServer = `
      let isWell = true;
      process.on('SIGUSR1', () => (isWell = false));
      require('node:http').createServer((request, response) => {
        console.log('asked');
        response.statusCode = isWell ? 200 : 500;
        response.end();
      }).listen(8080);`;
    /** Answers every call of gRPC as a server that serves answers a question after its health. */
    const grpcServer = `
      require('node:http2').createServer().on('stream', (stream) => {
        console.log('asked');
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
      }).listen(5000);`;
    const restartCountOf = ({ status }: Loose): number => status.containerStatuses[0].restartCount;

    const healthy: [string, string, Fields][] = [
      [
        '[sig-node] Probing container should *not* be restarted with a exec "cat /tmp/health" liveness probe [NodeConformance] [Conformance]',
        'well-exec',
        {
          command: shell('echo ok > /tmp/health'),
          livenessProbe: { exec: { command: ['sh', '-c', 'cat /tmp/health && echo asked > /proc/1/fd/1'] }, ...often },
        },
      ],
      [
        '[sig-node] Probing container should *not* be restarted with a /healthz http liveness probe [NodeConformance] [Conformance]',
        'well-http',
        {
          ...serves(httpServer),
          livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, initialDelaySeconds: 2, ...often },
        },
      ],
      [
        '[sig-node] Probing container should *not* be restarted with a tcp:8080 liveness probe [NodeConformance] [Conformance]',
        'well-tcp',
        {
          ...serves(tcpServer),
          livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 2, ...often },
        },
      ],
      [
        '[sig-node] Probing container should *not* be restarted with a GRPC liveness probe [NodeConformance] [Conformance]',
        'well-grpc',
        {
          ...serves(grpcServer),
          livenessProbe: { grpc: { port: 5000 }, initialDelaySeconds: 2, ...often },
        },
      ],
    ];
    for (const [behaviour, name, fields] of healthy)
      test(behaviour, async () => {
        await ns.start(lasting(name, fields));
        await ns.untilLogs(name, (logs) => assert.ok(logs.split('asked').length > 5, logs));
        assert.equal(restartCountOf(await ns.get('Pod', name)), 0);
        await ns.delete('Pod', name);
      });

    const unwell: [string, string, Fields][] = [
      [
        '[sig-node] Probing container should be restarted with a exec "cat /tmp/health" liveness probe [NodeConformance] [Conformance]',
        'unwell-exec',
        {
          command: shell('echo ok > /tmp/health; sleep 3; rm -rf /tmp/health'),
          livenessProbe: { exec: { command: ['cat', '/tmp/health'] }, initialDelaySeconds: 1, ...often },
        },
      ],
      [
        '[sig-node] Probing container should be restarted with a /healthz http liveness probe [NodeConformance] [Conformance]',
        'unwell-http',
        {
          ...serves(`${httpServer} setTimeout(() => process.kill(process.pid, 'SIGUSR1'), 3000);`),
          livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, initialDelaySeconds: 2, ...often },
        },
      ],
      [
        '[sig-node] Probing container should be restarted with a GRPC liveness probe [NodeConformance] [Conformance]',
        'unwell-grpc',
        {
          ...serves(grpcServer),
          livenessProbe: { grpc: { port: 2333 }, initialDelaySeconds: 2, ...often },
        },
      ],
    ];
    for (const [behaviour, name, fields] of unwell)
      test(behaviour, async () => {
        await ns.create(lasting(name, fields));
        await ns.untilPod(name, (read) => assert.equal(restartCountOf(read), 1));
        await until(
          () => ns.get('Event'),
          ({ items }: Loose) =>
            assert.ok(items.some((one: Loose) => one.involvedObject.name === name && one.reason === 'Unhealthy')),
        );
        await ns.delete('Pod', name);
      });

    test('[sig-node] Probing container with readiness probe should not be ready before initial delay and never restart [NodeConformance] [Conformance]', async () => {
      const initialDelaySeconds = 5;
      const readinessProbe = { exec: { command: ['true'] }, initialDelaySeconds, ...often };
      const { status } = await ns.start(lasting('ready-later', { readinessProbe }));
      const startedAt = Date.parse(status.containerStatuses[0].state.running.startedAt);
      const readyAt = Date.parse(status.conditions.find(({ type }: Loose) => type === 'Ready').lastTransitionTime);
      assert.ok(readyAt - startedAt >= initialDelaySeconds * 1000, JSON.stringify(status));
      assert.equal(status.containerStatuses[0].restartCount, 0);
      await ns.delete('Pod', 'ready-later');
    });

    test('[sig-node] Probing container with readiness probe that fails should never be ready and never restart [NodeConformance] [Conformance]', async () => {
      const command = ['sh', '-c', 'echo asked > /proc/1/fd/1; false'];
      const readinessProbe = { exec: { command }, ...often };
      await ns.create(lasting('never-ready', { readinessProbe }));
      await ns.untilPod('never-ready', ({ status }) => assert.equal(status.phase, 'Running'));
      await ns.untilLogs('never-ready', (logs) => assert.ok(logs.split('asked').length > 5));
      const { status } = await ns.get('Pod', 'never-ready');
      assert.equal(status.conditions.find(({ type }: Loose) => type === 'Ready').status, 'False');
      assert.equal(status.containerStatuses[0].restartCount, 0);
      await ns.delete('Pod', 'never-ready');
    });
  });

  describe('containers that come later', { concurrency: 2 }, () => {
    const debug = (name: string, at: string): Promise<Loose> => {
      const command = ['sh', '-c', 'while true; do echo polo; sleep 1; done'];
      const body = { spec: { ephemeralContainers: [{ name: at, image: busybox, command }] } };
      const headers = { 'content-type': 'application/strategic-merge-patch+json' };
      return cluster.ask(`${ns.path('Pod', name)}/ephemeralcontainers`, { method: 'PATCH', headers, body });
    };
    const runs = (name: string, at: string): Promise<Loose> =>
      ns.untilPod(name, ({ status }) => {
        const one = status.ephemeralContainerStatuses?.find((known: Loose) => known.name === at);
        assert.ok(one?.state.running);
      });

    test('[sig-node] Ephemeral Containers [NodeConformance] will start an ephemeral container in an existing pod [Conformance]', async () => {
      await ns.start(lasting('ephemeral'));
      await debug('ephemeral', 'debugger');
      await runs('ephemeral', 'debugger');
      await ns.untilLogs('ephemeral', (logs) => assert.match(logs, /^polo\n/), 'debugger');
      await ns.delete('Pod', 'ephemeral');
    });

    test('[sig-node] Ephemeral Containers [NodeConformance] should update the ephemeral containers in an existing pod [Conformance]', async () => {
      await ns.start(lasting('ephemeral-more'));
      await debug('ephemeral-more', 'debugger');
      const one = await runs('ephemeral-more', 'debugger');
      assert.equal(one.spec.ephemeralContainers.length, 1);
      await debug('ephemeral-more', 'debugger2');
      const two = await runs('ephemeral-more', 'debugger2');
      assert.equal(two.spec.ephemeralContainers.length, 2);
      await ns.delete('Pod', 'ephemeral-more');
    });
  });

  describe('resizes', { concurrency: 2 }, () => {
    type Amounts = { cpu?: string; memory?: string };
    type Resources = { requests?: Amounts; limits?: Amounts };
    const guaranteed = (cpu: string, memory: string): Resources => ({
      requests: { cpu, memory },
      limits: { cpu, memory },
    });

    /** What the kernel holds a container to: microseconds of CPU in 100 ms and bytes of memory; -1 or `max` is no limit. */
    const limitsOf = async (name: string, of: string): Promise<string[]> => {
      const script =
        'cd /sys/fs/cgroup; if test -f cpu.max; then head -c 20 cpu.max; cat memory.max; ' +
        'else cat cpu/cpu.cfs_quota_us memory/memory.limit_in_bytes; fi';
      return (await ns.execIn(name, of, 'sh', '-c', script))
        .trim()
        .split(/\n/)
        .map((one) => one.split(' ')[0] ?? '');
    };
    const bytes = (memory = ''): string => String(Number(memory.replace('Mi', '')) * 1024 * 1024);
    const quota = (cpu = ''): string => String(Math.max(1000, Number(cpu.replace('m', '')) * 100));

    /** Waits until the containers have these resources, in what is told and in the kernel, and none was started anew. */
    async function hold(name: string, wanted: Record<string, Resources>): Promise<void> {
      const { status } = await ns.untilPod(name, (read) => {
        for (const one of read.status.containerStatuses) assert.deepEqual(one.resources, wanted[one.name]);
        const types = read.status.conditions.map(({ type }: Loose) => type);
        assert.ok(!types.includes('PodResizePending') && !types.includes('PodResizeInProgress'), types.join());
      });
      for (const one of status.containerStatuses) {
        assert.equal(one.restartCount, 0);
        const { cpu, memory } = wanted[one.name]?.limits ?? {};
        const [inForceCpu, inForceMemory] = await limitsOf(name, one.name);
        if (cpu) assert.equal(inForceCpu, quota(cpu));
        if (memory) assert.equal(inForceMemory, bytes(memory));
      }
    }

    const containersOf = (resources: Record<string, Resources>) =>
      Object.entries(resources).map(([name, one]) => container({ name, resources: one }));

    const resize = (name: string, resources: Record<string, Resources>): Promise<Loose> => {
      const containers = Object.entries(resources).map(([one, wanted]) => ({ name: one, resources: wanted }));
      const headers = { 'content-type': 'application/strategic-merge-patch+json' };
      const body = { spec: { containers } };
      return cluster.ask(`${ns.path('Pod', name)}/resize`, { method: 'PATCH', headers, body });
    };

    const behaviours: [string, string, Record<string, Resources>, Record<string, Resources>][] = [
      [
        '[sig-node] Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase cpu & mem on c1, c2, decrease cpu & mem on c3 - net increase [MinimumKubeletVersion:1.34] [Conformance]',
        'net-increase',
        { c1: guaranteed('20m', '40Mi'), c2: guaranteed('20m', '40Mi'), c3: guaranteed('20m', '40Mi') },
        { c1: guaranteed('25m', '50Mi'), c2: guaranteed('25m', '50Mi'), c3: guaranteed('15m', '35Mi') },
      ],
      [
        '[sig-node] Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase cpu & mem on c1, decrease cpu & mem on c2, c3 - net decrease [MinimumKubeletVersion:1.34] [Conformance]',
        'net-decrease',
        { c1: guaranteed('20m', '40Mi'), c2: guaranteed('20m', '40Mi'), c3: guaranteed('20m', '40Mi') },
        { c1: guaranteed('25m', '45Mi'), c2: guaranteed('15m', '35Mi'), c3: guaranteed('15m', '35Mi') },
      ],
      [
        '[sig-node] Pod InPlace Resize Container guaranteed pods with multiple containers 3 containers - increase: CPU (c1,c3), memory (c2, c3) ; decrease: CPU (c2) [MinimumKubeletVersion:1.34] [Conformance]',
        'various',
        { c1: guaranteed('20m', '40Mi'), c2: guaranteed('20m', '40Mi'), c3: guaranteed('20m', '40Mi') },
        { c1: guaranteed('25m', '40Mi'), c2: guaranteed('15m', '45Mi'), c3: guaranteed('25m', '45Mi') },
      ],
      [
        '[sig-node] Pod InPlace Resize Container burstable pods - extended 6 containers - various operations performed (including adding limits and requests) [MinimumKubeletVersion:1.34] [Conformance]',
        'burstable',
        {
          c1: {},
          c2: { requests: { cpu: '20m' } },
          c3: { requests: { memory: '40Mi' } },
          c4: { requests: { cpu: '20m', memory: '40Mi' } },
          c5: { requests: { cpu: '20m', memory: '40Mi' }, limits: { cpu: '30m' } },
          c6: { requests: { cpu: '20m', memory: '40Mi' }, limits: { cpu: '30m', memory: '50Mi' } },
        },
        {
          c1: { requests: { cpu: '20m', memory: '40Mi' }, limits: { cpu: '30m', memory: '50Mi' } },
          c2: { requests: { cpu: '25m' }, limits: { cpu: '35m' } },
          c3: { requests: { memory: '45Mi' }, limits: { memory: '55Mi' } },
          c4: { requests: { cpu: '15m', memory: '45Mi' } },
          c5: { requests: { cpu: '25m', memory: '40Mi' }, limits: { cpu: '35m', memory: '60Mi' } },
          c6: { requests: { cpu: '15m', memory: '35Mi' }, limits: { cpu: '25m', memory: '45Mi' } },
        },
      ],
      [
        '[sig-node] Pod InPlace Resize Container burstable pods - extended resize with equivalents [MinimumKubeletVersion:1.34] [Conformance]',
        'equivalents',
        { c1: { requests: { cpu: '2m' }, limits: { cpu: '10m' } } },
        // To the kernel these are what they were: it knows no less than 2 shares, and no less than 10m.
        { c1: { requests: { cpu: '1m' }, limits: { cpu: '5m' } } },
      ],
    ];
    for (const [behaviour, name, before_, after_] of behaviours)
      test(behaviour, async () => {
        await ns.start(lasting(name, {}, { containers: containersOf(before_) }));
        await hold(name, before_);
        await resize(name, after_);
        await hold(name, after_);
        await ns.delete('Pod', name);
      });

    test('[sig-node] Pod InPlace Resize Container resize pod via the replace endpoint [MinimumKubeletVersion:1.34] [Conformance]', async () => {
      const name = 'replaced';
      await ns.start(lasting(name, {}, { containers: containersOf({ c1: guaranteed('20m', '40Mi') }) }));
      const path = `${ns.path('Pod', name)}/resize`;
      const wanted = guaranteed('25m', '45Mi');
      await until(
        async () => {
          const read = await cluster.ask(path);
          read.spec.containers[0].resources = wanted;
          return cluster.http.ask(path, { method: 'PUT', body: read });
        },
        ({ status, text: said }) => assert.equal(status, 200, said),
      );
      await hold(name, { c1: wanted });
      await ns.delete('Pod', name);
    });
  });

  describe('what is done with them', { concurrency: 3 }, () => {
    test('[sig-node] Pods should be submitted and removed [NodeConformance] [Conformance]', async () => {
      const selected = `${ns.path('Pod')}?labelSelector=${encodeURIComponent('time=submitted')}`;
      const { items, metadata } = await cluster.ask(selected);
      assert.equal(items.length, 0);
      const watched = cluster.http.lines(`${selected}&watch=true&resourceVersion=${metadata.resourceVersion}`);
      await ns.start(lasting('submitted', {}, {}, { labels: { time: 'submitted' } }));
      assert.equal((await cluster.ask(selected)).items.length, 1);
      await remove('submitted');
      const types: string[] = [];
      for await (const line of watched) {
        const { type, object } = JSON.parse(line);
        types.push(type);
        if (type !== 'DELETED') continue;
        assert.ok(object.metadata.deletionTimestamp);
        assert.notEqual(object.spec.terminationGracePeriodSeconds, undefined);
        break;
      }
      assert.equal(types[0], 'ADDED');
      assert.equal((await cluster.ask(selected)).items.length, 0);
    });

    test('[sig-node] Pods should be updated [NodeConformance] [Conformance]', async () => {
      const select = (value: string): Promise<Loose> =>
        cluster.ask(`${ns.path('Pod')}?labelSelector=${encodeURIComponent(`updated=${value}`)}`);
      await ns.start(lasting('updated', {}, {}, { labels: { updated: 'not-yet' } }));
      assert.equal((await select('not-yet')).items.length, 1);
      await until(
        async () => {
          const read = await ns.get('Pod', 'updated');
          read.metadata.labels.updated = 'yes';
          return cluster.http.ask(ns.path('Pod', 'updated'), { method: 'PUT', body: read });
        },
        ({ status, text: said }) => assert.equal(status, 200, said),
      );
      assert.equal((await select('yes')).items.length, 1);
      await ns.delete('Pod', 'updated');
    });

    test('[sig-node] Pods should get a host IP [NodeConformance] [Conformance]', async () => {
      const { status } = await ns.start(lasting('hosted'));
      assert.equal(isIP(status.hostIP), 4);
      assert.equal(status.hostIPs[0].ip, status.hostIP);
      await ns.delete('Pod', 'hosted');
    });

    test('[sig-node] Pods should allow activeDeadlineSeconds to be updated [NodeConformance] [Conformance]', async () => {
      await ns.start(lasting('deadline'));
      await ns.patch('Pod', 'deadline', { spec: { activeDeadlineSeconds: 2 } });
      const { status } = await ns.untilPod('deadline', (read) => assert.equal(read.status.phase, 'Failed'));
      assert.equal(status.reason, 'DeadlineExceeded');
      await ns.delete('Pod', 'deadline');
    });

    test('[sig-node] Pods Extended (pod generation) Pod Generation issue 500 podspec updates and verify generation and observedGeneration eventually converge [MinimumKubeletVersion:1.34] [Conformance]', async () => {
      const first = await ns.start(lasting('generations', {}, { activeDeadlineSeconds: 100_000 }));
      assert.equal(first.metadata.generation, 1);
      for (let at = 1; at < 500; at++) {
        const { metadata } = await ns.patch('Pod', 'generations', { spec: { activeDeadlineSeconds: 100_000 - at } });
        assert.equal(metadata.generation, at + 1);
      }
      await ns.untilPod('generations', ({ status }) => assert.equal(status.observedGeneration, 500));
      await ns.delete('Pod', 'generations');
    });

    const { searchParams: echo } = new URL('http://x/?stdout=true&stderr=true&container=main');
    for (const word of ['echo', 'remote execution test']) echo.append('command', word);

    test('[sig-node] Pods should support remote command execution over websockets [NodeConformance] [Conformance]', async () => {
      await ns.start(lasting('exec'));
      const url = `${cluster.server.url}${ns.path('Pod', 'exec')}/exec?${String(echo)}`;
      const command = await dialRemoteCommand({
        ...cluster.server,
        url,
        protocols: ['v4.channel.k8s.io'],
        stdout: true,
      });
      assert.ok(command.stdout);
      assert.equal(await text(command.stdout), 'remote execution test\n');
      assert.equal((await command.status)?.status, 'Success');
      await ns.delete('Pod', 'exec');
    });

    test('[sig-node] Pods should support retrieving logs from the container over websockets [NodeConformance] [Conformance]', async () => {
      await ns.start(scripted("echo 'container is alive'; sleep 3600", { metadata: { name: 'logs' } }));
      await ns.untilLogs('logs', (logs) => assert.equal(logs, 'container is alive\n'));
      const { url, ...certificates } = cluster.server;
      const path = `${ns.path('Pod', 'logs')}/log?container=main`;
      const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, ['binary.k8s.io'], certificates);
      const chunks: Buffer[] = [];
      socket.on('message', (chunk: Buffer) => chunks.push(chunk));
      await once(socket, 'close');
      assert.equal(Buffer.concat(chunks).toString(), 'container is alive\n');
      await ns.delete('Pod', 'logs');
    });
  });
});
