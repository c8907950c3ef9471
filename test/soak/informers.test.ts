/**
 * Informers of @kubernetes/client-node under churn: every change is told once and in order, also over the reconnects that
 * the client makes by itself. Ten seconds by default; KEDGE_SOAK_SECONDS=3600 makes it an hour.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreV1Api, KubeConfig, makeInformer, type Informer, type V1ConfigMap } from '@kubernetes/client-node';
import { readFile } from 'node:fs/promises';
import { randomInt, seededRandom, systemClock, type Random } from '#base';
import { startTestServer } from '../../src/apiserver/testing/test-server.ts';
import { until } from '../support/until.ts';

const seconds = Number(process.env['KEDGE_SOAK_SECONDS'] ?? 10);
const seed = Number(process.env['KEDGE_SOAK_SEED'] ?? Math.floor(systemClock.now() / 1000));
const namespaces = ['left', 'right'];
const colors = ['red', 'green', undefined];
const writers = 8;
/** Writers pause up to so long between two changes: an hour is to show what happens over time, not how much fits into it. */
const pauseMs = seconds > 60 ? 400 : 20;

interface State {
  namespace: string;
  color: string | undefined;
}

/** One change of one object: what it was, what it is, and the revision where the answer told it. */
interface Change {
  before: State | undefined;
  after: State | undefined;
  revision: string | undefined;
}

/** What an informer looks at. */
interface View {
  name: string;
  path: string;
  namespace?: string;
  selector?: string;
  shows: (state: State | undefined) => boolean;
}

const views: View[] = [
  { name: 'everything', path: '/api/v1/configmaps', selector: 'soak', shows: (state) => state !== undefined },
  {
    name: 'one namespace',
    path: '/api/v1/namespaces/left/configmaps',
    namespace: 'left',
    selector: 'soak',
    shows: (state) => state?.namespace === 'left',
  },
  { name: 'one color', path: '/api/v1/configmaps', selector: 'color=red', shows: (state) => state?.color === 'red' },
  {
    name: 'no color',
    path: '/api/v1/configmaps',
    selector: 'soak,!color',
    shows: (state) => state !== undefined && state.color === undefined,
  },
];

/** What one informer told, in order: `add left/a 12`. Deletions bear the revision of the deletion. */
class Listener {
  readonly view: View;
  readonly told = new Map<string, string[]>();
  readonly errors: unknown[] = [];
  readonly #informer: Informer<V1ConfigMap>;
  #revision = 0;
  connects = 0;

  constructor(view: View, config: KubeConfig) {
    this.view = view;
    const api = config.makeApiClient(CoreV1Api);
    const { namespace, selector: labelSelector = '' } = view;
    const list = () =>
      namespace === undefined
        ? api.listConfigMapForAllNamespaces({ labelSelector })
        : api.listNamespacedConfigMap({ namespace, labelSelector });
    this.#informer = makeInformer(config, view.path, list, labelSelector);
    for (const verb of ['add', 'update', 'delete'] as const)
      this.#informer.on(verb, (object: V1ConfigMap) => this.#take(verb, object));
    this.#informer.on('connect', () => this.connects++);
    this.#informer.on('error', (error: unknown) => this.errors.push(error));
  }

  start(): Promise<void> {
    return this.#informer.start();
  }

  stop(): Promise<void> {
    return this.#informer.stop();
  }

  #take(verb: string, { metadata }: V1ConfigMap): void {
    const revision = Number(metadata?.resourceVersion);
    if (revision <= this.#revision) this.errors.push(`revision ${revision} was told after ${this.#revision}`);
    this.#revision = revision;
    const key = `${metadata?.namespace}/${metadata?.name}`;
    const told = this.told.get(key) ?? [];
    told.push(verb === 'delete' ? 'delete' : `${verb} ${revision}`);
    this.told.set(key, told);
  }

  /** What it should have told of an object with this history. */
  expected(history: readonly Change[]): string[] {
    return history.flatMap(({ before, after, revision }) => {
      const [was, is] = [this.view.shows(before), this.view.shows(after)];
      if (was && !is) return ['delete'];
      return is ? [`${was ? 'update' : 'add'} ${revision}`] : [];
    });
  }
}

/** Changes objects at random until the time is over; each writer has objects of its own, so that none waits for another. */
async function churn(
  api: CoreV1Api,
  random: Random,
  writer: number,
  endMs: number,
  histories: Map<string, Change[]>,
): Promise<void> {
  const names = Array.from({ length: 10 }, (_, index) => `w${writer}-${index}`);
  while (systemClock.now() < endMs) {
    await systemClock.sleep(randomInt(random, pauseMs));
    const namespace = namespaces[randomInt(random, namespaces.length)] ?? '';
    const name = names[randomInt(random, names.length)] ?? '';
    const history = histories.get(`${namespace}/${name}`) ?? [];
    histories.set(`${namespace}/${name}`, history);
    const before = history.at(-1)?.after;
    if (before && randomInt(random, 4) === 0) {
      await api.deleteNamespacedConfigMap({ namespace, name });
      history.push({ before, after: undefined, revision: undefined });
      continue;
    }
    const after = { namespace, color: colors[randomInt(random, colors.length)] };
    const labels = { soak: '', ...(after.color && { color: after.color }) };
    const body = { metadata: { namespace, name, labels }, data: { text: `change ${history.length}` } };
    const written = before
      ? await api.replaceNamespacedConfigMap({ namespace, name, body })
      : await api.createNamespacedConfigMap({ namespace, body });
    history.push({ before, after, revision: written.metadata?.resourceVersion });
  }
}

test(`informers hear of every change once and in order, for ${seconds} s (seed ${seed})`, async () => {
  await using server = await startTestServer();
  const config = new KubeConfig();
  config.loadFromString(await readFile(await server.kubeconfig('admin', ['system:masters']), 'utf8'));
  const api = config.makeApiClient(CoreV1Api);
  for (const name of namespaces) await api.createNamespace({ body: { metadata: { name } } });
  const listeners = views.map((view) => new Listener(view, config));
  const histories = new Map<string, Change[]>();
  try {
    await Promise.all(listeners.map((listener) => listener.start()));
    const endMs = systemClock.now() + seconds * 1000;
    const random = seededRandom(seed);
    const working = Array.from({ length: writers }, (_, writer) => churn(api, random, writer, endMs, histories));
    await Promise.all(working);
    for (const listener of listeners)
      for (const [key, history] of histories) {
        const expected = listener.expected(history);
        await until(
          async () => listener.told.get(key) ?? [],
          (told) => assert.ok(told.length >= expected.length, `${listener.view.name}: ${key} is not told to its end`),
        );
        assert.deepEqual(listener.told.get(key) ?? [], expected, `${listener.view.name}: ${key}`);
      }
    for (const { view, errors } of listeners) assert.deepEqual(errors, [], view.name);
  } finally {
    await Promise.all(listeners.map((listener) => listener.stop()));
  }
  const changes = [...histories.values()].reduce((sum, history) => sum + history.length, 0);
  const connects = listeners.reduce((sum, listener) => sum + listener.connects, 0);
  console.log(
    `${changes} changes of ${histories.size} objects, ${connects} connections of ${listeners.length} informers`,
  );
  assert.ok(changes > 0);
});
