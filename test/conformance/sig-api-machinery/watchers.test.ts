import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { configMaps, type ConfigMap } from '#api';
import { randomInt, seededRandom, systemClock } from '#base';
import type { ListOptions, ResourceClient, WatchEvent } from '#client';
import { conformanceCluster } from '../support/cluster.ts';
import { Watching } from '../support/watching.ts';

const labelKey = 'watch-this-configmap';

/** What a watch must tell: the type of the event, and the object as the API answered with it, or its name. */
const told = ({ type, object }: WatchEvent<ConfigMap>): string =>
  `${type} ${object.metadata.name} ${object.data?.['mutation'] ?? '-'} ${object.metadata.resourceVersion}`;

const event = (type: WatchEvent<ConfigMap>['type'], object: ConfigMap): string => told({ type, object });

function watching(maps: ResourceClient<ConfigMap>, values: string[], options: ListOptions = {}): Watching<ConfigMap> {
  return new Watching(maps, { labelSelector: `${labelKey} in (${values.join(',')})`, ...options });
}

const aMap = (name: string, value: string) => ({ metadata: { name, labels: { [labelKey]: value } } });

describe('Watchers', () => {
  const cluster = conformanceCluster();

  async function maps(): Promise<ResourceClient<ConfigMap>> {
    return cluster.client.of(configMaps).in(await cluster.namespace());
  }

  /** Reads, changes and writes, as clients do. */
  async function mutate(maps: ResourceClient<ConfigMap>, name: string, mutation: string): Promise<ConfigMap> {
    return maps.update({ ...(await maps.get(name)), data: { mutation } });
  }

  async function relabel(maps: ResourceClient<ConfigMap>, name: string, value: string): Promise<ConfigMap> {
    const map = await maps.get(name);
    return maps.update({ ...map, metadata: { ...map.metadata, labels: { [labelKey]: value } } });
  }

  test('[sig-api-machinery] Watchers should observe add, update, and delete watch notifications on configmaps [Conformance]', async () => {
    const calls = await maps();
    const { resourceVersion } = await calls.list();
    await using watchA = watching(calls, ['A'], { resourceVersion });
    await using watchB = watching(calls, ['B'], { resourceVersion });
    await using watchAB = watching(calls, ['A', 'B'], { resourceVersion });
    const a = await calls.create(aMap('map-a', 'A'));
    const once = await mutate(calls, 'map-a', '1');
    const twice = await mutate(calls, 'map-a', '2');
    await calls.delete('map-a');
    const b = await calls.create(aMap('map-b', 'B'));
    await calls.delete('map-b');

    const changesOfA = [event('ADDED', a), event('MODIFIED', once), event('MODIFIED', twice)];
    const seenA = await watchA.take(4);
    assert.deepEqual(seenA.slice(0, 3).map(told), changesOfA);
    assert.equal(seenA[3]?.type, 'DELETED');
    const seenB = await watchB.take(2);
    assert.equal(told(seenB[0]!), event('ADDED', b), 'what happened to the other map was not told');
    assert.equal(seenB[1]?.type, 'DELETED');
    const seenAB = await watchAB.take(6);
    assert.deepEqual(seenAB.map(told), [...seenA, ...seenB].map(told));
  });

  test('[sig-api-machinery] Watchers should be able to start watching from a specific resource version [Conformance]', async () => {
    const calls = await maps();
    await calls.create(aMap('map', 'from'));
    const first = await mutate(calls, 'map', '1');
    const second = await mutate(calls, 'map', '2');
    await calls.delete('map');
    await using watch = watching(calls, ['from'], { resourceVersion: first.metadata.resourceVersion });
    const [modified, deleted] = await watch.take(2);
    assert.equal(told(modified!), event('MODIFIED', second));
    assert.deepEqual(modified?.object, second);
    assert.equal(deleted?.type, 'DELETED');
  });

  test('[sig-api-machinery] Watchers should be able to restart watching from the last resource version observed by the previous watch [Conformance]', async () => {
    const calls = await maps();
    let resourceVersion: string | undefined;
    {
      await using watch = watching(calls, ['restarted']);
      await calls.create(aMap('map', 'restarted'));
      await watch.until('ADDED');
      await mutate(calls, 'map', '1');
      const last = await watch.until('MODIFIED');
      resourceVersion = last.metadata.resourceVersion;
    }
    const second = await mutate(calls, 'map', '2');
    await using watch = watching(calls, ['restarted'], { resourceVersion });
    await calls.delete('map');
    const [modified, deleted] = await watch.take(2);
    assert.equal(told(modified!), event('MODIFIED', second));
    assert.equal(deleted?.type, 'DELETED');
  });

  test('[sig-api-machinery] Watchers should observe an object deletion if it stops meeting the requirements of the selector [Conformance]', async () => {
    const calls = await maps();
    const { resourceVersion } = await calls.list();
    await using watch = watching(calls, ['right'], { resourceVersion });
    const created = await calls.create(aMap('map', 'right'));
    const first = await mutate(calls, 'map', '1');
    await relabel(calls, 'map', 'wrong');
    await mutate(calls, 'map', '2');
    const restored = await relabel(calls, 'map', 'right');
    const third = await mutate(calls, 'map', '3');
    await calls.delete('map');

    const seen = await watch.take(6);
    assert.deepEqual(
      seen.map(({ type }) => type),
      ['ADDED', 'MODIFIED', 'DELETED', 'ADDED', 'MODIFIED', 'DELETED'],
    );
    assert.equal(told(seen[0]!), event('ADDED', created));
    assert.equal(told(seen[1]!), event('MODIFIED', first));
    assert.equal(told(seen[3]!), event('ADDED', restored));
    assert.equal(told(seen[4]!), event('MODIFIED', third));
  });

  test('[sig-api-machinery] Watchers should receive events on concurrent watches in same order [Conformance]', async () => {
    const iterations = 100;
    const calls = await maps();
    let { resourceVersion } = await calls.list();
    const producer = new Producer(calls);
    const running = producer.run();
    const watches: Watching<ConfigMap>[] = [];
    try {
      for (let round = 0; round < iterations; round++) {
        watches.push(new Watching(calls, { resourceVersion }));
        const versions: (string | undefined)[] = [];
        for (const watch of watches) versions.push((await watch.next()).object.metadata.resourceVersion);
        resourceVersion = versions[0] ?? '';
        assert.deepEqual([...new Set(versions)], [resourceVersion], 'all watches tell the same revision next');
      }
    } finally {
      producer.stop();
      await running;
      for (const watch of watches) await watch[Symbol.asyncDispose]();
    }
  });
});

/** Creates, updates and deletes config maps at random until it is stopped. */
class Producer {
  readonly #calls: ResourceClient<ConfigMap>;
  readonly #random = seededRandom(36);
  #existing: string[] = [];
  #made = 0;
  #stopped = false;

  constructor(calls: ResourceClient<ConfigMap>) {
    this.#calls = calls;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      await this.#step();
      await systemClock.sleep(5);
    }
  }

  async #step(): Promise<void> {
    const step = this.#existing.length === 0 ? 0 : randomInt(this.#random, 3);
    const at = randomInt(this.#random, Math.max(1, this.#existing.length));
    const name = this.#existing[at] ?? '';
    if (step === 0) {
      const { metadata } = await this.#calls.create({ metadata: { name: `map-${this.#made++}` } });
      this.#existing.push(metadata.name ?? '');
    } else if (step === 1) {
      const labels = { mutated: String(this.#made++) };
      await this.#calls.update({ metadata: { name, labels } });
    } else {
      await this.#calls.delete(name);
      this.#existing = this.#existing.filter((one) => one !== name);
    }
  }
}
