import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, silentLogger, systemClock, type Clock } from '#base';
import { openEmbeddedStore, type Store } from '#etcd';
import { ManagedFieldsEntry } from '#api';
import {
  int32,
  list,
  message,
  of,
  present,
  resource,
  string,
  type KubeMeta,
  type KubeObject,
  type Resource,
} from '#machinery';
import { AdmissionChain, type AdmissionPlugin } from '../../admission/index.ts';
import { specAndStatus } from '../../strategies/spec-and-status.ts';
import { WatchCache } from '../../watch-cache/index.ts';
import { storagePrefix } from '../keys.ts';
import { doorOf } from '../door.ts';
import type { RequestContext } from '../rest.ts';
import { SnapshotPool } from '../snapshot-pool.ts';
import { ObjectStorage } from '../storage.ts';
import { ResourceStore } from '../store.ts';
import type { Strategy } from '../strategy.ts';

class Meta extends message('Metadata of a test object.', {
  name: string(1, 'The name.'),
  generateName: string(2, 'The prefix of a name.'),
  namespace: string(3, 'The namespace.'),
  uid: string(5, 'The uid.'),
  resourceVersion: string(6, 'The revision.'),
  generation: int32(7, 'Counts wishes.'),
  creationTimestamp: string(8, 'The birth.'),
  deletionTimestamp: string(9, 'The end.'),
  deletionGracePeriodSeconds: int32(10, 'Seconds to the end.', {}),
  labels: { number: 11, doc: 'Labels.', type: { kind: 'map', values: { kind: 'string' }, mapType: 'granular' } },
  annotations: { number: 12, doc: 'Notes.', type: { kind: 'map', values: { kind: 'string' }, mapType: 'granular' } },
  finalizers: { number: 14, doc: 'Holds.', type: { kind: 'list', items: { kind: 'string' }, listType: 'set' } },
  managedFields: list(17, 'Owners of fields.', ManagedFieldsEntry),
}) {}
class WidgetSpec extends message('A wish.', { size: int32(1, 'The size.'), color: string(2, 'The color.') }) {}
class WidgetStatus extends message('A state.', { size: int32(1, 'The size.') }) {}
class Widget extends message('A test object.', {
  metadata: present(of(1, 'Metadata.', Meta)),
  spec: present(of(2, 'The wish.', WidgetSpec)),
  status: present(of(3, 'The state.', WidgetStatus)),
}) {}

/** The objects of the test resource. */
export interface TestWidget extends KubeObject {
  metadata: KubeMeta;
  spec: { size?: number; color?: string };
  status: { size?: number };
}

export const widgets = resource<TestWidget>({
  group: 'test.k8s.io',
  version: 'v1',
  kind: Widget,
  plural: 'widgets',
  namespaced: true,
  subresources: { status: { verbs: ['get', 'update', 'patch'] } },
  selectableFields: { 'spec.color': ({ spec }) => spec.color ?? '' },
});

/** A generic store of widgets over a real store in a directory of its own. */
export interface StoreHarness extends AsyncDisposable {
  store: Store;
  rest: ResourceStore<TestWidget>;
  context: RequestContext;
  warnings: string[];
}

export async function openStoreHarness(
  options: {
    strategy?: Strategy<TestWidget>;
    plugins?: AdmissionPlugin[];
    clock?: Clock;
    historyCapacity?: number;
  } = {},
): Promise<StoreHarness> {
  const directory = await mkdtemp(join(tmpdir(), 'kedge-registry-'));
  const { clock = systemClock, plugins = [] } = options;
  const random = seededRandom(7);
  const log = silentLogger;
  const store = await openEmbeddedStore({ directory, clock, random, log });
  const stop = new AbortController();
  const prefix = storagePrefix(widgets);
  const { historyCapacity } = options;
  const kept = historyCapacity === undefined ? {} : { historyCapacity };
  const cache = new WatchCache({ resource: widgets, store, prefix, clock, log, ...kept });
  const typed = widgets as unknown as Resource<KubeObject>;
  const storage = new ObjectStorage({ store, cache, resource: typed as Resource, prefix, clock });
  const strategy = { ...specAndStatus(widgets), ...options.strategy } as Strategy;
  const snapshots = new SnapshotPool();
  const admission = new AdmissionChain(plugins);
  const door = doorOf({ resource: typed, clock, log }, '', strategy);
  const parts = {
    resource: typed,
    strategy,
    door,
    prefix,
    store,
    cache,
    storage,
    snapshots,
    admission,
    clock,
    random,
    log,
  };
  const rest = new ResourceStore<TestWidget>(widgets as Resource, parts);
  const running = cache.run(stop.signal);
  await cache.ready;
  const warnings: string[] = [];
  return {
    store,
    rest,
    warnings,
    context: {
      user: { name: 'tester', groups: [] },
      signal: stop.signal,
      warn: (text) => void warnings.push(text),
      userAgent: 'test',
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}
