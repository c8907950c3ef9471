import { messageOf, runAll, type Clock, type Component, type Logger, type Random } from '#base';
import type { PodDisruptionBudget, ResourceQuota, Service } from '#api';
import type { Store } from '#etcd';
import { isStatusError, joinKey, type KubeObject, type Resource } from '#machinery';
import {
  admissionChain,
  type AdmissionChain,
  type AdmissionPlugin,
  type Lookup,
  type QuotaLedger,
} from '../admission/index.ts';
import { EncryptedStore, type Encryption } from '../encryption/index.ts';
import { faceOf } from '../strategies/faces.ts';
import { defaultStrategy, strategiesOf } from '../strategies/index.ts';
import type { TokenSigner } from '../strategies/service-accounts.ts';
import { Keeper } from '../keepers/keeper.ts';
import { StoredAddresses } from '../strategies/services/address-book.ts';
import { AddressRange } from '../strategies/services/address-range.ts';
import { ServiceAllocation } from '../strategies/services/allocation.ts';
import { StoredPorts } from '../strategies/services/port-book.ts';
import { PortRepair } from '../strategies/services/port-repair.ts';
import { repairAddresses } from '../strategies/services/repair.ts';
import { ServiceEndpoints } from '../keepers/service-endpoints.ts';
import { WatchCache } from '../watch-cache/index.ts';
import { ByResource } from './by-resource.ts';
import { ConvertedRest } from './converted-rest.ts';
import { ensureDefaultServiceCidr } from './default-service-cidr.ts';
import { ensureDefaults, systemContext } from './defaults.ts';
import { forgetEndpoints } from './forget-endpoints.ts';
import { doorOf } from './door.ts';
import { storagePrefix } from './keys.ts';
import type { Rest } from './rest.ts';
import { SnapshotPool } from './snapshot-pool.ts';
import { ObjectStorage } from './storage.ts';
import { ResourceStore } from './store.ts';
import type { Strategy } from './strategy.ts';

export interface RegistryOptions {
  store: Store;
  /** Which resources are sealed in the store; default: none. */
  encryption?: Pick<Encryption, 'rules'>;
  /** All resources; those that cannot be watched (reviews, component statuses) are not stored and are left to the edge. */
  resources: readonly Resource[];
  clock: Clock;
  random: Random;
  log: Logger;
  /** The addresses of Services: a CIDR, or one of each family with a comma between, the usual one first. */
  serviceCidr: string;
  /** Default: 30000 to 32767. */
  nodePortRange?: { first: number; last: number };
  /** Makes service account tokens. */
  signToken: TokenSigner;
  /** Where the API server answers, for the Service `kubernetes`. */
  endpoints: { addresses: readonly string[]; port: number };
  /** Whether other API servers serve the same store; default: none. */
  sharesStore?: boolean;
  /** Admission plugins beside the registry's own (the escalation check of RBAC). */
  plugins?: readonly AdmissionPlugin[];
  /** Default: an hour. */
  eventTtlSeconds?: number;
}

const serviceCidrs = ['networking.k8s.io', 'servicecidrs'] as const;
/** The resource that the taken node ports are: no client sees it, but a rule for all of the core group is for it, too. */
const portAllocations = { group: '', plural: 'servicenodeportallocations' };
const addressIntervalMs = 10_000;
const prepareRetryMs = 250;
const prepareTries = 40;
const portIntervalMs = 180_000;

/** All resources of the API server, each behind its `Rest`. */
export class Registry implements Component {
  readonly resources: readonly Resource[];
  /** Reads objects of any resource without a request, from the caches. */
  readonly lookup: Lookup;
  readonly #options: RegistryOptions;
  readonly #stores = new ByResource<ResourceStore>();
  /** All versions of a resource by their names, the stored one first. */
  readonly #rests = new ByResource<Map<string, Rest>>();
  readonly #allocation: ServiceAllocation;
  readonly #portRepair: PortRepair;
  readonly #endpoints: ServiceEndpoints;
  readonly #ready = Promise.withResolvers<void>();

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#allocation = this.#createAllocation();
    this.#portRepair = new PortRepair({ ports: this.#allocation.ports, log: options.log });
    const rest = (group: string, plural: string): Rest => this.#restOf(group, plural);
    this.#endpoints = new ServiceEndpoints({ ...options, rest, isShared: options.sharesStore ?? false });
    this.lookup = {
      cached: ({ group, plural }, ns, name) => this.#storeOf(group, plural)?.parts.cache.get(joinKey(ns, name))?.object,
      list: ({ group, plural }, ns = '') => {
        const cache = this.#storeOf(group, plural)?.parts.cache;
        // Every write asks for quotas and limits, which few clusters have.
        if (cache?.unreadable) throw cache.unreadable;
        if (!cache || cache.size === 0) return [];
        return ns === '' ? cache.all : Array.from(cache.values({ prefix: `${ns}/` }), ({ object }) => object);
      },
      read: async ({ group, plural }, ns, name) =>
        (await this.#storeOf(group, plural)?.parts.storage.read(joinKey(ns, name)))?.object,
    };
    this.resources = options.resources.filter(({ verbs }) => verbs.includes('watch'));
    this.#build();
    this.#ready.promise.catch(() => {}); // whoever runs the registry hears of it
  }

  /** Resolves when every cache is filled and the default objects are there: from then on requests may come. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** The resource of this group and plural, if there is one; of several versions the stored one, unless it is said. */
  rest(group: string, plural: string, version?: string): Rest | undefined {
    const versions = this.#rests.get(group, plural);
    return version === undefined ? versions?.values().next().value : versions?.get(version);
  }

  /** The store has forgotten what only revisions before this one show: so do the lists that are under way. */
  compacted(revision: number): void {
    for (const { parts } of this.#stores.values()) parts.snapshots.compact(revision);
  }

  /** The watch caches' state, for metrics: objects by resource. */
  counts(): { resource: Resource; objects: number }[] {
    return this.#stores.values().map(({ resource, parts }) => ({ resource, objects: parts.cache.size }));
  }

  /** How many objects of a resource there are; 0 for what is not stored. */
  count(group: string, plural: string): number {
    return this.#storeOf(group, plural)?.parts.cache.size ?? 0;
  }

  async run(signal: AbortSignal): Promise<void> {
    const caches = this.#stores.values().map(({ parts }) => parts.cache);
    await runAll(
      [...caches, { run: (stop) => this.#start(caches, stop) }, { run: (stop) => this.#keep(stop) }],
      signal,
    );
  }

  /** Looks after the addresses of Services from the start on. */
  async #keep(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    const isStarted = await this.ready.then(
      () => true,
      () => false, // whoever runs the registry hears of it
    );
    if (!isStarted) return;
    const reconcile = async (): Promise<void> => {
      await this.#ensureServiceCidr(signal);
      await this.#repairAddresses();
    };
    const ports = (): Promise<void> => this.#portRepair.repair(this.#services());
    const keepers = [
      new Keeper({ name: 'service addresses', reconcile, intervalMs: addressIntervalMs, clock, log }),
      new Keeper({ name: 'node ports', reconcile: ports, intervalMs: portIntervalMs, clock, log }),
    ];
    await runAll(this.#options.sharesStore ? [...keepers, this.#endpoints] : keepers, signal);
  }

  #createAllocation(): ServiceAllocation {
    const { random, log, serviceCidr, nodePortRange: nodePorts = { first: 30_000, last: 32_767 } } = this.#options;
    const rest = (): Rest => this.#restOf('networking.k8s.io', 'ipaddresses');
    const book = new StoredAddresses({ lookup: () => this.lookup, rest });
    const portBook = new StoredPorts({ store: this.#objectStore(portAllocations), range: nodePorts });
    return new ServiceAllocation({ cidrs: serviceCidr.split(','), book, nodePorts, portBook, random, log });
  }

  #ensureServiceCidr(signal: AbortSignal): Promise<number> {
    const { clock, log } = this.#options;
    const { cidrs } = this.#allocation;
    return ensureDefaultServiceCidr({ rest: this.#restOf(...serviceCidrs), cidrs, clock, log, signal });
  }

  #repairAddresses(): Promise<void> {
    const { clock, log } = this.#options;
    const { book, ips } = this.#allocation;
    return repairAddresses({ services: this.#services(), book, ips, nowMs: clock.now(), log });
  }

  #services(): readonly Service[] {
    return this.lookup.list({ group: '', plural: 'services' }) as readonly Service[];
  }

  async #start(caches: readonly WatchCache[], signal: AbortSignal): Promise<void> {
    try {
      const stopped = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => stopped.resolve(), { once: true });
      await Promise.race([stopped.promise, Promise.all(caches.map((cache) => cache.tried))]);
      if (signal.aborted) return;
      await this.#prepare(signal);
      this.#ready.resolve();
    } catch (error) {
      this.#ready.reject(error);
      if (!signal.aborted) throw error;
      this.#options.log.debug({ error: messageOf(error) }, 'stopped while starting');
    }
  }

  /** Another server that starts at the same time may have made half of it: the address of a Service, and no Service yet. */
  async #prepare(signal: AbortSignal): Promise<void> {
    const { clock, sharesStore = false } = this.#options;
    for (let triesLeft = sharesStore ? prepareTries : 1; ; triesLeft--) {
      try {
        return await this.#prepareOnce(signal);
      } catch (error) {
        if (!isStatusError(error) || triesLeft <= 1) throw error;
      }
      await clock.sleep(prepareRetryMs, signal);
    }
  }

  async #prepareOnce(signal: AbortSignal): Promise<void> {
    const revision = await this.#ensureServiceCidr(signal);
    await this.#storeOf(...serviceCidrs)?.parts.cache.reached(revision, signal);
    await this.#portRepair.repair(this.#services());
    await this.#repairAddresses();
    await ensureDefaults({
      rest: (group, plural) => this.#restOf(group, plural),
      port: this.#options.endpoints.port,
      clusterIp: new AddressRange(this.#allocation.cidrs[0] ?? '').first,
      signal,
    });
    await this.#endpoints.reconcile(signal);
  }

  #build(): void {
    const { clock, random, signToken, eventTtlSeconds = 3600 } = this.#options;
    const { lookup } = this;
    const quotas = this.#quotaLedger();
    const admission = admissionChain({ lookup, quotas, clock, random }, this.#options.plugins);
    const strategies = strategiesOf({
      lookup,
      allocation: this.#allocation,
      forgetEndpoints: forgetEndpoints(() => this.#restOf('', 'endpoints'), this.#options.log),
      budgets: () => this.#budgets(),
      signToken,
      eventTtlSeconds,
      clock,
      random,
    });
    for (const resource of this.resources.filter((one) => !faceOf(one))) {
      const strategy = strategies[idOf(resource)] ?? defaultStrategy(resource);
      const store = this.#newStore(resource, strategy, admission);
      this.#stores.set(resource, store);
      this.#add(store);
    }
    for (const resource of this.resources) {
      const face = faceOf(resource);
      const store = face && this.#storeOf(face.of.group, face.of.plural);
      if (store) this.#add(new ConvertedRest(resource, store, face.conversion));
    }
  }

  #add(rest: Rest): void {
    const { group, plural, version } = rest.resource;
    const known = this.#rests.get(group, plural);
    if (known) known.set(version, rest);
    else this.#rests.set(rest.resource, new Map([[version, rest]]));
  }

  /** How admission charges quotas: past the rules of a request, since it has admitted one. */
  #quotaLedger(): QuotaLedger {
    const context = systemContext(new AbortController().signal); // a charge is over in no time
    const strategy = { validatesObject: false };
    return {
      change: async (ns, name, change) => {
        const store = this.#storeOf('', 'resourcequotas');
        const target = { ns, name, subresource: 'status', strategy };
        await store?.modify(context, target, (quota) => change(quota as ResourceQuota));
      },
    };
  }

  #newStore(resource: Resource, strategy: Strategy, admission: AdmissionChain): ResourceStore {
    const { clock, random, log } = this.#options;
    const store = this.#objectStore(resource);
    const prefix = storagePrefix(resource);
    const cache = new WatchCache({ resource, store, prefix, clock, log });
    const { ttlSeconds } = strategy;
    const storage = new ObjectStorage({ store, cache, resource, prefix, clock, ttlSeconds });
    const snapshots = new SnapshotPool();
    const typed = resource as Resource<KubeObject>; // what is stored are objects with metadata
    const parts = {
      resource: typed,
      strategy,
      door: doorOf({ resource: typed, clock, log, convert: strategy.convert }, '', strategy),
      convert: strategy.convert,
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
    return new ResourceStore(resource, parts);
  }

  #objectStore(resource: { group: string; plural: string }): EncryptedStore {
    const { store, encryption } = this.#options;
    return new EncryptedStore({ store, rule: () => encryption?.rules.of(resource) });
  }

  #budgets(): ResourceStore<PodDisruptionBudget> {
    const store = this.#storeOf('policy', 'poddisruptionbudgets');
    if (!store) throw new Error('no disruption budgets');
    return store as unknown as ResourceStore<PodDisruptionBudget>; // its objects are of this kind
  }

  #storeOf(group: string, plural: string): ResourceStore | undefined {
    return this.#stores.get(group, plural);
  }

  #restOf(group: string, plural: string): Rest {
    const rest = this.rest(group, plural);
    if (!rest) throw new Error(`no resource ${idOf({ group, plural })}`);
    return rest;
  }
}

function idOf({ group, plural }: { group: string; plural: string }): string {
  return group === '' ? plural : `${plural}.${group}`;
}
