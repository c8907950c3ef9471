import assert from 'node:assert/strict';
import { randomInt, seededRandom, type Random } from '#base';
import type { Store, TxnRequest } from '../store.ts';
import { Follower } from './follower.ts';
import { StoreModel, type ModelResponse, type ModelResult } from './model.ts';
import { leaseIds, RandomRequests } from './random-requests.ts';
import { orRefused, rangeOf, told } from './told.ts';

/** A store, and how to have it again after its process ended. */
export interface Restartable {
  store: Store;
  restart(): Promise<Store>;
}

export interface Differences {
  /** Of several errors of one transaction another may be told: etcd 3.4 looks at all its puts before its ranges. */
  otherErrorFirst?: boolean;
  /** What was refused since the last write is judged again after a restart, with what came later: until etcd 3.5. */
  judgesAgain?: boolean;
}

const leaseTtlSeconds = 100_000;

/** A random history of one client, each answer held against the model, and at the end all that watches were told. */
export class RandomHistory {
  readonly #random: Random;
  readonly #requests: RandomRequests;
  readonly #model = new StoreModel();
  readonly #harness: Restartable;
  readonly #differences: Differences;
  #store: Store;
  #followers: Follower[] = [];

  constructor(harness: Restartable, seed: number, differences: Differences) {
    this.#harness = harness;
    this.#differences = differences;
    this.#store = harness.store;
    this.#random = seededRandom(seed);
    this.#requests = new RandomRequests(this.#random);
  }

  async run(steps: number): Promise<void> {
    for (const id of leaseIds) await this.#grant(id);
    for (let step = 0; step < steps; step++) {
      try {
        await this.#step();
      } catch (error) {
        throw new Error(`step ${step}`, { cause: error });
      }
    }
    await this.#everyRevision();
    await this.#followed();
    for (const follower of this.#followers) follower.stop();
  }

  async #step(): Promise<void> {
    const dice = this.#random.next();
    if (dice < 0.7) await this.#txn();
    else if (dice < 0.87) await this.#range();
    else if (dice < 0.94) this.#follow();
    else if (dice < 0.96) await this.#compact();
    else if (dice < 0.99) await this.#revoke();
    else await this.#restart();
  }

  async #txn(request = this.#requests.txn(this.#model.revision)): Promise<void> {
    const expected = this.#model.txn(request);
    const actual = await told(request, this.#store.txn(request));
    if (this.#differences.otherErrorFirst && 'error' in expected && 'error' in actual) return;
    assert.deepEqual(actual, expected, JSON.stringify(request, bigintsAsText));
  }

  async #range(): Promise<void> {
    const request = this.#requests.range(this.#model.revision);
    const expected = this.#model.range(request);
    const answer = await orRefused(this.#store.range(request));
    const actual = 'error' in answer ? answer : rangeOf(request, answer);
    assert.deepEqual(actual, expected, JSON.stringify(request, bigintsAsText));
  }

  #follow(): void {
    const { revision } = this.#model;
    const startRevision = 1 + randomInt(this.#random, revision + 3);
    const request = this.#requests.watch(startRevision);
    this.#followers.push(new Follower(this.#store, request, this.#model));
  }

  async #compact(): Promise<void> {
    const { revision, compacted } = this.#model;
    await this.#followed();
    const to = Math.max(1, compacted + randomInt(this.#random, revision - compacted + 2)); // 0 is no revision
    const expected = this.#model.compact(to);
    const answer = await orRefused(this.#store.compact({ revision: to }));
    assert.deepEqual('error' in answer ? answer : undefined, expected);
  }

  async #grant(id: bigint): Promise<void> {
    const expected = this.#model.grant(id);
    const answer = await orRefused(this.#store.leaseGrant({ id, ttlSeconds: leaseTtlSeconds }));
    assert.deepEqual('error' in answer ? answer : undefined, expected);
  }

  /** Ends a lease, whose keys go with it, and sometimes has it again. */
  async #revoke(): Promise<void> {
    const id = leaseIds[randomInt(this.#random, leaseIds.length)] ?? 0n;
    const { keys, ttlSeconds } = await this.#store.leaseTimeToLive(id);
    assert.deepEqual(
      ttlSeconds < 0 ? [] : keys.map((key) => Buffer.from(key).toString()).sort(),
      this.#model.leaseKeys(id),
    );
    const expected = this.#model.revoke(id);
    const answer = await orRefused(this.#store.leaseRevoke(id));
    if ('error' in answer || 'error' in expected) assert.deepEqual(answer, expected);
    if (this.#random.next() < 0.7) await this.#grant(id);
  }

  async #restart(): Promise<void> {
    await this.#followed();
    for (const follower of this.#followers) follower.stop();
    this.#followers = [];
    const write = { put: { key: Buffer.from('k0'), value: Buffer.from('v0') } };
    if (this.#differences.judgesAgain) await this.#txn({ compare: [], success: [write], failure: [] });
    this.#store = await this.#harness.restart();
  }

  async #followed(): Promise<void> {
    for (const follower of this.#followers) await follower.check();
    this.#followers = this.#followers.filter(({ isOver }) => !isOver);
  }

  async #everyRevision(): Promise<void> {
    const everything = { key: Buffer.of(0), rangeEnd: Buffer.of(0) };
    for (let revision = Math.max(1, this.#model.compacted); revision <= this.#model.revision; revision += 7) {
      const request = { ...everything, revision };
      const actual = rangeOf(request, await this.#store.range(request));
      assert.deepEqual(actual, this.#model.range(request), `revision ${revision}`);
    }
  }
}

interface Done {
  request: TxnRequest;
  result: Exclude<ModelResult, { error: unknown }>;
  /** The newest revision that anybody had been told when this began. */
  knownBefore: number;
}

/**
 * Random transactions of several clients at once. Every answer says at which revision it was true: in that order the
 * model must give the same ones, and no answer may be older than what anybody knew when it was asked for.
 */
export async function concurrentHistory(clients: readonly Store[], seed: number, steps: number): Promise<void> {
  const done: Done[] = [];
  let known = 1;
  const client = async (store: Store, at: number): Promise<void> => {
    const requests = new RandomRequests(seededRandom(seed * 1000 + at));
    for (let step = 0; step < steps; step++) {
      const knownBefore = known;
      const request = requests.txn(known);
      const result = await told(request, store.txn(request));
      if ('error' in result) continue; // which says nothing of when it was
      known = Math.max(known, result.revision);
      done.push({ request, result, knownBefore });
    }
  };
  const [first] = clients;
  assert.ok(first);
  const model = new StoreModel();
  for (const id of leaseIds) {
    model.grant(id);
    await first.leaseGrant({ id, ttlSeconds: leaseTtlSeconds });
  }
  await Promise.all(clients.map(client));
  const isRead = ({ result }: Done): number => (result.responses.some(changed) ? 0 : 1);
  done.sort((a, b) => a.result.revision - b.result.revision || isRead(a) - isRead(b));
  for (const { request, result, knownBefore } of done) {
    assert.ok(result.revision >= knownBefore, `revision ${result.revision} was told when ${knownBefore} was known`);
    assert.deepEqual(result, model.txn(request), JSON.stringify(request, bigintsAsText));
  }
}

/** Whether an operation made a revision. */
function changed(response: ModelResponse): boolean {
  if ('put' in response) return true;
  if ('deleteRange' in response) return response.deleteRange.deleted > 0;
  return 'txn' in response && response.txn.responses.some(changed);
}

function bigintsAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
