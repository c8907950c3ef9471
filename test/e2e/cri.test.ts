/**
 * The CRI socket of a running node, as crictl meets it: what the kubelet made is there to be seen, and what somebody
 * makes by hand lives beside it.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import {
  ContainerConfig,
  ContainerFilter,
  criClient,
  ImageSpec,
  isCriError,
  LinuxContainerResources,
  PodSandboxConfig,
  PodSandboxFilter,
  type CriClient,
  type CriCode,
} from '#cri';
import { TestCluster } from '../support/cluster.ts';
import { busybox, deployment, pod, shell, toolbox } from '../support/manifests.ts';
import { cannotRun } from '../support/requirements.ts';
import { until } from '../support/until.ts';

const image = (name: string): ImageSpec => ImageSpec.of({ image: name });

const sandboxConfig = (name: string, logDirectory: string): PodSandboxConfig =>
  PodSandboxConfig.of({ metadata: { name, namespace: 'default', uid: `uid-${name}` }, logDirectory, linux: {} });

/** Makes a sandbox and removes it. */
async function throughSandbox(cri: CriClient, config: PodSandboxConfig): Promise<void> {
  const { podSandboxId } = await cri.runPodSandbox({ config, runtimeHandler: '' });
  await cri.removePodSandbox({ podSandboxId });
}

/** Notes events until the signal aborts: whose pod, and what. */
async function watchEvents(cri: CriClient, signal: AbortSignal, seen: string[]): Promise<void> {
  try {
    for await (const { containerEventType, podSandboxStatus } of cri.getContainerEvents({}, signal))
      seen.push(`${podSandboxStatus?.metadata?.name} ${containerEventType.replaceAll(/CONTAINER_|_EVENT/g, '')}`);
  } catch (error) {
    if (!isCriError(error, 'Canceled')) throw error;
  }
}

const failsWith = (code: CriCode) => (error: unknown) => isCriError(error, code);

describe('the CRI socket of a node', { skip: cannotRun() }, () => {
  let cluster: TestCluster;
  let socket: string;
  let cri: CriClient;
  before(async () => {
    cluster = await TestCluster.up();
    socket = join(cluster.home, 'clusters', cluster.name, 'run', `${cluster.name}-1-cri.sock`);
    cri = criClient(`unix://${socket}`);
  });
  after(async () => {
    await cri?.close();
    await cluster?.[Symbol.asyncDispose]();
    if (socket) assert.ok(!existsSync(socket), 'the socket goes with the cluster');
  });

  test('it says who it is and how it is, as the node does', async () => {
    const { runtimeName, runtimeVersion, runtimeApiVersion } = await cri.version({ version: '0.1.0' });
    const node = await cluster.kubectl('get', 'node', '-o', 'jsonpath={.items[0].status.nodeInfo}');
    const { containerRuntimeVersion } = JSON.parse(node) as { containerRuntimeVersion: string };
    assert.deepEqual([`${runtimeName}://${runtimeVersion}`, runtimeApiVersion], [containerRuntimeVersion, 'v1']);
    const { status } = await cri.status({ verbose: false });
    assert.deepEqual(
      status?.conditions.map(({ type, status }) => `${type} ${status}`),
      ['RuntimeReady true', 'NetworkReady true'],
    );
    assert.equal((await cri.runtimeConfig({})).linux?.cgroupDriver, 'CGROUPFS');
    assert.ok((await cri.imageFsInfo({})).imageFilesystems[0]!.usedBytes!.value > 1e6);
  });

  test('it speaks to a client that knows nothing of ours', async () => {
    const bytes = (message: Buffer): Buffer => message;
    const client = new Client(`unix:${socket}`, credentials.createInsecure());
    const answer = await new Promise<string>((resolve, reject) => {
      const request = Buffer.from('\n\x050.1.0'); // version = 1: "0.1.0"
      client.makeUnaryRequest('/runtime.v1.RuntimeService/Version', bytes, bytes, request, (error, message) =>
        error ? reject(error) : resolve(message?.toString('latin1') ?? ''),
      );
    });
    client.close();
    assert.equal(answer.slice(0, 14), '\n\x050.1.0\x12\x05kedge');
  });

  test('what the kubelet made is there: pods, containers, logs, figures', async () => {
    const ns = await cluster.namespace('seen');
    await ns.apply(deployment('web', { command: shell('echo hello') }, { replicas: 2 }));
    await ns.kubectl('rollout', 'status', 'deployment/web');
    const labelSelector = { 'io.kubernetes.pod.namespace': 'seen' };
    const { items } = await cri.listPodSandbox({ filter: PodSandboxFilter.of({ labelSelector }) });
    const names = (await ns.kubectl('get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}')).split(' ');
    assert.deepEqual(items.map(({ metadata }) => metadata?.name ?? '').sort(), names.sort());
    const { containers } = await cri.listContainers({ filter: ContainerFilter.of({ podSandboxId: items[0]!.id }) });
    assert.deepEqual(
      containers.map(({ metadata, state }) => [metadata?.name, state]),
      [['main', 'CONTAINER_RUNNING']],
    );
    const containerId = containers[0]!.id;
    const { status, info } = await cri.containerStatus({ containerId, verbose: true });
    assert.match(await readFile(status!.logPath, 'utf8'), /^\d{4}-\d\d-\d\dT\S+ stdout F hello\n$/);
    assert.ok(JSON.parse(info['info']!).pid > 0);
    const { stdout } = await cri.execSync({ containerId, cmd: ['hostname'], timeout: 10 });
    assert.equal(Buffer.from(stdout).toString().trim(), items[0]!.metadata?.name);
    const { stats } = await cri.podSandboxStats({ podSandboxId: items[0]!.id });
    assert.ok(stats!.linux!.memory!.workingSetBytes!.value > 0 && stats!.linux!.process!.processCount!.value > 0);
    assert.equal(stats!.linux!.network!.defaultInterface!.name, 'eth0');
  });

  test('a pod made by hand goes its whole way, and tells of it; the kubelet leaves it in peace', async () => {
    const logDirectory = join(cluster.home, 'by-hand');
    await mkdir(logDirectory);
    const stop = new AbortController();
    const seen: string[] = [];
    const watching = watchEvents(cri, stop.signal, seen);
    await until(
      () => throughSandbox(cri, sandboxConfig('first', logDirectory)),
      () => assert.notEqual(seen.length, 0, 'events are not told yet'),
    );
    const config = sandboxConfig('by-hand', logDirectory);
    const { podSandboxId } = await cri.runPodSandbox({ config, runtimeHandler: '' });
    const main = ContainerConfig.of({
      metadata: { name: 'main' },
      image: image(busybox),
      command: shell('echo up'),
      logPath: 'main.log',
    });
    const { containerId } = await cri.createContainer({ podSandboxId, config: main, sandboxConfig: config });
    await cri.startContainer({ containerId });
    await until(
      () => readFile(join(logDirectory, 'main.log'), 'utf8'),
      (text) => assert.match(text, / stdout F up\n$/),
    );
    const linux = LinuxContainerResources.of({ memoryLimitInBytes: 64 << 20 });
    await cri.updateContainerResources({ containerId, linux, annotations: {} });
    const { status } = await cri.containerStatus({ containerId, verbose: false });
    assert.equal(status?.resources?.linux?.memoryLimitInBytes, 64 << 20);
    await cluster.kubectl('run', 'other', '--image', busybox, '--command', '--', 'sleep', '1000');
    await cluster.kubectl('wait', '--for=condition=Ready', 'pod/other');
    assert.equal((await cri.containerStatus({ containerId, verbose: false })).status?.state, 'CONTAINER_RUNNING');
    await cri.stopContainer({ containerId, timeout: 10 });
    assert.equal((await cri.containerStatus({ containerId, verbose: false })).status?.exitCode, 0);
    await cri.removeContainer({ containerId });
    await cri.stopPodSandbox({ podSandboxId });
    await cri.removePodSandbox({ podSandboxId });
    await assert.rejects(cri.podSandboxStatus({ podSandboxId, verbose: false }), failsWith('NotFound'));
    // a sandbox and a container are made, begin, end and go; the sandbox is stopped once more before it is removed
    const wholeWay = ['CREATED', 'STARTED', 'CREATED', 'STARTED', 'STOPPED', 'DELETED', 'STOPPED', 'DELETED'];
    await until(
      () => Promise.resolve(seen.filter((event) => event.startsWith('by-hand'))),
      (events) =>
        assert.deepEqual(
          events.map((event) => event.slice(8)),
          wholeWay,
        ),
    );
    stop.abort();
    await watching;
  });

  test('what cannot be is refused, with the code that clients look at', async () => {
    const ns = await cluster.namespace('refused');
    await ns.apply(pod('main'));
    await ns.waitFor('condition=Ready', 'pod/main');
    const { containers } = await cri.listContainers({
      filter: ContainerFilter.of({ labelSelector: { 'io.kubernetes.pod.namespace': 'refused' } }),
    });
    const containerId = containers[0]!.id;
    await assert.rejects(
      cri.execSync({ containerId, cmd: ['sleep', '100'], timeout: 1 }),
      failsWith('DeadlineExceeded'),
    );
    await assert.rejects(
      cri.checkpointContainer({ containerId, location: '/nowhere', timeout: 0 }),
      failsWith('Unimplemented'),
    );
    await assert.rejects(cri.containerStatus({ containerId: 'none', verbose: false }), failsWith('NotFound'));
    await assert.rejects(cri.removeImage({ image: image(toolbox) }), failsWith('FailedPrecondition'));
    assert.equal((await cri.imageStatus({ image: image('example.org/none'), verbose: false })).image, undefined);
    await cri.stopContainer({ containerId: 'none', timeout: 0 });
    await cri.removePodSandbox({ podSandboxId: 'none' });
  });
});
