import { mkdtemp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import assert from 'node:assert/strict';
import { silentLogger, systemClock, systemRandom, type Logger } from '#base';
import { ContainerConfig, PodSandboxConfig, type ContainerStatus } from '#cri';
import type { Init } from '#wire';
import { createContainerRuntime, type ContainerRuntime } from '../container-runtime.ts';
import type { ContainerRuntimeOptions } from '../context.ts';
import type { ImageConfig } from '../images/manifest.ts';
import { mountPoints } from '../native/mount-points.ts';
import { removeContainerRuntime } from '../teardown.ts';
import { busyboxFiles, dockerArchive, tarOf } from './test-image.ts';

let nodeNumber = 0;

/** A node of a test, in folders and a cgroup of its own; its network is that of the process, which must be the test's own. */
export class TestNode {
  readonly directory: string;
  readonly options: ContainerRuntimeOptions;
  runtime!: ContainerRuntime;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  private constructor(directory: string, extra: Partial<ContainerRuntimeOptions>, log: Logger) {
    this.directory = directory;
    this.options = {
      root: join(directory, 'root'),
      state: join(directory, 'state'),
      images: join(directory, 'images'),
      cgroupParent: `/${basename(directory)}`,
      podCidr: () => '10.201.7.0/24',
      clock: systemClock,
      random: systemRandom,
      log,
      streaming: { host: '127.0.0.1', port: 0 },
      ...extra,
    };
  }

  static async start(extra: Partial<ContainerRuntimeOptions> = {}, log: Logger = silentLogger): Promise<TestNode> {
    const directory = await mkdtemp(join(tmpdir(), `kedge-node-${process.pid}-${nodeNumber++}-`));
    const node = new TestNode(directory, extra, log);
    await node.begin();
    return node;
  }

  async begin(): Promise<void> {
    this.#stop = new AbortController();
    this.runtime = await createContainerRuntime(this.options);
    this.#running = this.runtime.run(this.#stop.signal);
  }

  /** Ends the runtime; containers go on. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Ends the runtime and starts another on the same folders. */
  async restart(): Promise<void> {
    await this.end();
    await this.begin();
  }

  /** Removes everything and makes sure that nothing is left on the machine. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await removeContainerRuntime(this.options);
    await rm(this.directory, { recursive: true, force: true });
    assert.deepEqual(await leftovers(this), []);
  }

  /** Loads an image of busybox under the name. */
  async busybox(name = 'busybox:test', config: ImageConfig['config'] = {}): Promise<void> {
    const layer = await tarOf(await busyboxFiles());
    await this.runtime.imageStore.loadArchive(await dockerArchive(name, [layer], config));
  }

  podConfig(name: string, extra: Init<PodSandboxConfig> = {}): PodSandboxConfig {
    return PodSandboxConfig.of({
      metadata: { name, namespace: 'default', uid: `uid-${name}` },
      hostname: name,
      logDirectory: join(this.directory, 'logs', name),
      linux: {},
      ...extra,
    });
  }

  async pod(name: string, extra: Init<PodSandboxConfig> = {}): Promise<string> {
    await mkdir(join(this.directory, 'logs', name), { recursive: true });
    const config = this.podConfig(name, extra);
    return (await this.runtime.runPodSandbox({ config, runtimeHandler: '' })).podSandboxId;
  }

  async create(
    sandbox: string,
    command: string | readonly string[],
    extra: Init<ContainerConfig> = {},
  ): Promise<string> {
    const config = ContainerConfig.of({
      metadata: { name: 'main' },
      image: { image: 'busybox:test' },
      command: typeof command === 'string' ? ['sh', '-c', command] : command,
      logPath: 'main.log',
      ...extra,
    });
    return (await this.runtime.createContainer({ podSandboxId: sandbox, config })).containerId;
  }

  /** Creates and starts a container. */
  async run(sandbox: string, command: string | readonly string[], extra: Init<ContainerConfig> = {}): Promise<string> {
    const containerId = await this.create(sandbox, command, extra);
    await this.runtime.startContainer({ containerId });
    return containerId;
  }

  async status(containerId: string): Promise<ContainerStatus> {
    return (await this.runtime.containerStatus({ containerId, verbose: false })).status!;
  }

  /** Waits until a container has exited; returns what it is then. */
  async exited(containerId: string): Promise<ContainerStatus> {
    return eventually(async () => {
      const status = await this.status(containerId);
      return status.state === 'CONTAINER_EXITED' ? status : undefined;
    });
  }

  /** What a container wrote, without the log's format. */
  async log(containerId: string): Promise<string> {
    const { logPath } = await this.status(containerId);
    const lines = (await readFile(logPath, 'utf8')).split('\n');
    return lines
      .filter(Boolean)
      .map((line) => line.split(' ').slice(3).join(' '))
      .join('\n');
  }

  async exec(containerId: string, cmd: string, timeout = 0): Promise<{ out: string; err: string; code: number }> {
    const answer = await this.runtime.execSync({ containerId, cmd: ['sh', '-c', cmd], timeout });
    return {
      out: Buffer.from(answer.stdout).toString().trim(),
      err: Buffer.from(answer.stderr).toString().trim(),
      code: answer.exitCode,
    };
  }
}

/** Runs a program in a container to its end and returns what it wrote. */
export async function output(node: TestNode, command: string, extra: Init<ContainerConfig> = {}): Promise<string> {
  const id = await node.run(await node.pod(`out-${nodeNumber++}`), command, extra);
  await node.exited(id);
  return node.log(id);
}

/** Waits until something is true; fails after a generous time, for a machine that does much else. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, ms = 20_000): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error('it did not happen in time');
    await systemClock.sleep(10);
  }
}

/** What is on the machine that bears the name of a test's folder. */
async function leftovers({ directory, options }: TestNode): Promise<string[]> {
  const name = basename(directory);
  const mounts = (await mountPoints()).filter((path) => path.includes(name));
  const processes: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(name)) processes.push(`process ${pid} ${command.replaceAll('\0', ' ')}`);
  }
  const cgroups: string[] = [];
  for (const tree of await readdir('/sys/fs/cgroup').catch(() => []))
    for (const cgroup of await readdir(join('/sys/fs/cgroup', tree)).catch(() => []))
      if (cgroup.includes(name)) cgroups.push(`cgroup ${tree}/${cgroup}`);
  const links = (await readdir('/proc/sys/net/ipv4/conf')).filter((link) => link === (options.bridge ?? 'cni0'));
  return [...mounts, ...processes, ...cgroups, ...links];
}
