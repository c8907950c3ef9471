import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, type TestContext } from 'node:test';
import { HttpClient, type Answer, type Ask } from '../../../src/apiserver/testing/http-client.ts';
import { startTestServer, type TestServer } from '../../../src/apiserver/testing/test-server.ts';

/** Repeats a failure when it is given the seed that the failure printed. */
export const seed = Number(process.env['KEDGE_FUZZ_SEED'] ?? 1036);

/** The API server that is fuzzed, over HTTPS, and how it bore it. */
export class Target {
  #server: TestServer | undefined;
  #client: HttpClient | undefined;
  readonly #delay = monitorEventLoopDelay({ resolution: 5 });

  get server(): TestServer {
    if (!this.#server) throw new Error('the server is not up: use it within a test');
    return this.#server;
  }

  get client(): HttpClient {
    if (!this.#client) throw new Error('the server is not up: use it within a test');
    return this.#client;
  }

  async start(): Promise<void> {
    this.#server = await startTestServer();
    this.#client = new HttpClient(this.#server, await this.#server.certificate('admin', ['system:masters']));
    this.#delay.enable();
  }

  async stop(): Promise<void> {
    this.#delay.disable();
    this.#client?.[Symbol.dispose]();
    await this.#server?.[Symbol.asyncDispose]();
  }

  /** Asks, and judges the answer. */
  async ask(path: string, ask: Ask = {}): Promise<Answer> {
    const answer = await this.client.ask(path, ask);
    judge(answer, `${ask.method ?? 'GET'} ${path}`);
    return answer;
  }

  /** Somebody else is still served, with what was there before, and nothing has been changed under all objects. */
  async assertSound(): Promise<void> {
    const answer = await this.client.get('/api/v1/namespaces/default');
    assert.equal(answer.status, 200, answer.text);
    assert.equal((await this.client.get('/readyz')).text, 'ok');
    assertUnpolluted();
  }

  /** Says how long the event loop was held up since the last time it was asked; a measure, no judgement. */
  report(t: TestContext): void {
    const ms = (ns: number): string => (ns / 1e6).toFixed(0);
    t.diagnostic(
      `longest stall of the event loop: ${ms(this.#delay.max)} ms (p99 ${ms(this.#delay.percentile(99))} ms)`,
    );
    this.#delay.reset();
  }
}

/** The target of the `describe` it is called in: started before its tests, stopped after them. */
export function fuzzTarget(): Target {
  const target = new Target();
  before(() => target.start());
  after(() => target.stop());
  return target;
}

/** Whatever was asked: an answer that was meant, or a refusal as a Status in Kubernetes' form. */
export function judge({ status, json, text }: Answer, what: string): void {
  const told = `${what}: ${status} ${text.slice(0, 500)}`;
  assert.ok(status >= 200 && status < 500, told);
  if (status < 400) return;
  assert.equal(json?.kind, 'Status', told);
  assert.equal(json.code, status, told);
  assert.equal(json.status, 'Failure', told);
  assert.ok(json.message, told);
  assert.ok(json.reason, told);
}

/** What every object and array inherits is as it was. */
export function assertUnpolluted(): void {
  for (const prototype of [Object.prototype, Array.prototype, Function.prototype, String.prototype]) {
    for (const key in prototype) assert.fail(`a prototype was given ${key}`);
  }
  assert.equal(Reflect.get({}, 'polluted'), undefined);
}

/** Runs jobs, so many at once. */
export async function inParallel<T>(items: Iterable<T>, job: (item: T) => Promise<void>, atOnce = 32): Promise<void> {
  const queue = items[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) await job(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
