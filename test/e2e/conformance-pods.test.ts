/** The behaviours of the conformance suite that the life of pods shows: hooks, probes, later containers, their end. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { dialRemoteCommand } from '#wire';
import { ApiCluster, type ApiNamespace } from '../support/api-cluster.ts';
import { busybox, pod, scripted, shell, toolbox } from '../support/manifests.ts';
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
