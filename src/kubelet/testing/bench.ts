import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { events, pods, type Pod } from '#api';
import { seededRandom, silentLogger, VirtualClock } from '#base';
import { Client, FakeTransport, type New } from '#client';
import { Kubelet, type KubeletOptions } from '../kubelet.ts';
import { FakeRuntime } from './fake-runtime.ts';

/** A node with a kubelet, a runtime and an API server, all in memory but for the files of pods. */
export class Bench {
  readonly clock = new VirtualClock();
  readonly api = new FakeTransport({ clock: this.clock });
  readonly cri = new FakeRuntime(this.clock);
  readonly directory: string;
  #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.directory = directory;
  }

  kubelet: Kubelet | undefined;

  start(options: Partial<KubeletOptions> = {}): void {
    this.#stop = new AbortController();
    this.kubelet = new Kubelet({
      client: new Client({ transport: this.api }),
      runtime: this.cri.runtime,
      images: this.cri.images,
      nodeName: 'node-1',
      nodeIp: '172.18.0.2',
      clock: this.clock,
      random: seededRandom(1),
      log: silentLogger,
      rootDirectory: join(this.directory, 'root'),
      logDirectory: join(this.directory, 'logs'),
      clusterDns: ['10.96.0.10'],
      ...options,
    });
    this.#done = this.kubelet.run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  /** Moves time in small steps until something holds. */
  async until(what: string, holds: () => boolean): Promise<void> {
    for (let step = 0; step < 3000; step++) {
      if (holds()) return;
      await this.clock.advance(step < 100 ? 10 : 250);
      await new Promise((resolve) => setTimeout(resolve, 1)); // files take real time
    }
    assert.fail(`${what} never came true: ${JSON.stringify(this.pod()?.status, null, 1)}`);
  }

  create(spec: New<Pod['spec']>, name = 'web'): void {
    const pod: New<Pod> = {
      metadata: { name, namespace: 'default', uid: `uid-${name}`, generation: 1 },
      spec: {
        nodeName: 'node-1',
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        containers: [{ name: 'main', image: 'app:1', imagePullPolicy: 'IfNotPresent' }],
        ...spec,
      },
      status: { phase: 'Pending' },
    };
    this.api.seed(pods, pod);
  }

  pod(name = 'web'): Pod | undefined {
    return this.api.object(pods, `default/${name}`);
  }

  main(name = 'web'): NonNullable<Pod['status']['containerStatuses']>[number] | undefined {
    return this.pod(name)?.status.containerStatuses?.[0];
  }

  condition(type: string): string | undefined {
    return this.pod()?.status.conditions?.find((one) => one.type === type)?.status;
  }

  messages(): string[] {
    const all = this.api.objects(events) as { reason?: string; message?: string; involvedObject: { kind?: string } }[];
    return all
      .filter(({ involvedObject }) => involvedObject.kind === 'Pod')
      .map(({ reason, message }) => `${reason}: ${message}`);
  }
}

/** A test on a bench of its own, which is cleaned up after it. */
export function scenario(
  name: string,
  run: (bench: Bench) => Promise<void>,
  options: Partial<KubeletOptions> | (() => Promise<Partial<KubeletOptions>>) = {},
): void {
  test(name, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kubelet-test-'));
    const bench = new Bench(directory);
    bench.start(typeof options === 'function' ? await options() : options);
    try {
      await run(bench);
    } finally {
      await bench.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });
}
