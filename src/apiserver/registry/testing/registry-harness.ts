import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allResources } from '#api';
import { seededRandom, silentLogger, systemClock, type Clock } from '#base';
import { openEmbeddedStore, type Store } from '#etcd';
import type { KubeObject } from '#machinery';
import { Registry, type RequestContext, type Rest, type SubresourceRest, type TokenClaims } from '../index.ts';

/** A whole registry with all resources over a store in a directory of its own. */
export interface RegistryHarness extends AsyncDisposable {
  store: Store;
  registry: Registry;
  context: RequestContext;
  /** What was asked to be signed. */
  signed: TokenClaims[];
  /** What writers were warned of. */
  warnings: string[];
  readonly rest: (resource: string) => Rest;
  readonly subresource: (resource: string, name: string) => Required<SubresourceRest>;
  readonly create: <T = KubeObject>(resource: string, ns: string, body: unknown) => Promise<T>;
  /** The registry's next life on the same store. */
  readonly restart: () => Promise<void>;
}

export async function openRegistryHarness(
  options: { clock?: Clock; serviceCidr?: string } = {},
): Promise<RegistryHarness> {
  const { clock = systemClock, serviceCidr = '10.96.0.0/16' } = options;
  const directory = await mkdtemp(join(tmpdir(), 'kedge-registry-'));
  const store = await openEmbeddedStore({ directory, clock, random: seededRandom(1), log: silentLogger });
  const signed: TokenClaims[] = [];
  const warnings: string[] = [];
  let life = await start({ store, clock, signed, serviceCidr });
  const rest = (resource: string): Rest => {
    // `pods`, `deployments.apps`, `horizontalpodautoscalers.v1.autoscaling`
    const [, plural = '', version, group = ''] = /^([^.]*)(?:\.(v\d\w*))?(?:\.(.*))?$/.exec(resource) ?? [];
    const found = life.registry.rest(group, plural, version);
    assert.ok(found, `no resource ${resource}`);
    return found;
  };
  const harness: RegistryHarness = {
    store,
    registry: life.registry,
    context: {
      user: { name: 'tester', groups: ['system:masters'] },
      signal: new AbortController().signal,
      warn: (text) => void warnings.push(text),
      userAgent: 'test',
    },
    signed,
    warnings,
    rest,
    subresource(resource, name) {
      const found = rest(resource).subresource(name);
      assert.ok(found, `no subresource ${resource}/${name}`);
      return found as Required<SubresourceRest>; // a test calls the verbs that are there
    },
    create: async <T>(resource: string, ns: string, body: unknown) =>
      (await rest(resource).create(harness.context, ns, body)).object as T,
    async restart() {
      await life.stop();
      life = await start({ store, clock, signed, serviceCidr });
      harness.registry = life.registry;
    },
    async [Symbol.asyncDispose]() {
      await life.stop();
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
  return harness;
}

interface Start {
  store: Store;
  clock: Clock;
  signed: TokenClaims[];
  serviceCidr: string;
}

interface Life {
  registry: Registry;
  stop(): Promise<void>;
}

async function start({ store, clock, signed, serviceCidr }: Start): Promise<Life> {
  const stop = new AbortController();
  const registry = new Registry({
    store,
    resources: allResources,
    clock,
    random: seededRandom(2),
    log: silentLogger,
    serviceCidr,
    endpoints: { addresses: ['172.30.0.1'], port: 6443 },
    signToken: async (claims) => {
      signed.push(claims);
      return { token: 'signed', expirationTimestamp: '2030-01-01T00:00:00Z', audiences: ['api'] };
    },
  });
  const running = registry.run(stop.signal);
  await Promise.race([registry.ready, running]);
  return {
    registry,
    async stop() {
      stop.abort();
      await running;
    },
  };
}
