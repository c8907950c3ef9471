/** API servers over a real etcd: what one writes the others show at once, and what a member's end means to their clients. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { silentLogger, systemClock, systemRandom } from '#base';
import { openRemoteStore, type Store } from '#etcd';
import { HttpClient, type Answer } from '../../src/apiserver/testing/http-client.ts';
import { startTestServer, type TestServer } from '../../src/apiserver/testing/test-server.ts';
import { EtcdCluster, hasEtcd } from '../../src/etcd/testing/etcd-cluster.ts';
import { until } from '../support/until.ts';

const admin = 'system:masters';
const configMaps = '/api/v1/namespaces/default/configmaps';

/** One API server with a client of the administrator. */
interface Served extends AsyncDisposable {
  server: TestServer;
  client: HttpClient;
  store: Store;
}

async function serve(cluster: EtcdCluster): Promise<Served> {
  const log = silentLogger;
  const options = { endpoints: cluster.endpoints, clock: systemClock, random: systemRandom, log };
  const store = await openRemoteStore({ ...options, requestTimeoutMs: 3_000 });
  const server = await startTestServer({ store });
  const client = new HttpClient(server, await server.certificate('admin', [admin]));
  const dispose = async (): Promise<void> => {
    client[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
    await store.close();
  };
  return { server, client, store, [Symbol.asyncDispose]: dispose };
}

describe('API servers on a real etcd', { skip: !hasEtcd && 'etcd is not installed' }, () => {
  let cluster: EtcdCluster;
  let one: Served;
  let other: Served;
  before(async () => {
    cluster = await EtcdCluster.start(3);
    one = await serve(cluster);
    other = await serve(cluster);
  });
  after(async () => {
    await other[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  const create = (served: Served, name: string): Promise<Answer> =>
    served.client.post(configMaps, { metadata: { name }, data: { name } });
  const namesAt = async (served: Served, query = ''): Promise<string[]> => {
    const { json } = await served.client.get(`${configMaps}${query}`);
    return json.items.map(nameOf);
  };

  test('what one wrote the other shows at once, in every kind of read', async () => {
    for (let n = 0; n < 30; n++) {
      const name = `fresh-${n}`;
      const { status, json } = await create(one, name);
      assert.equal(status, 201);
      const { resourceVersion } = json.metadata;
      assert.ok((await namesAt(other)).includes(name), 'in a list');
      assert.ok((await namesAt(other, `?resourceVersion=${resourceVersion}`)).includes(name), 'at least as new');
      assert.ok((await namesAt(other, '?limit=1000')).includes(name), 'in pages');
      assert.equal((await other.client.get(`${configMaps}/${name}`)).status, 200);
      assert.equal((await other.client.get(`${configMaps}/${name}?resourceVersion=${resourceVersion}`)).status, 200);
      await shows(other.client, `${configMaps}?watch=1`, name);
      const later = create(one, `later-${n}`);
      await shows(other.client, `${configMaps}?watch=1&resourceVersion=${resourceVersion}`, `later-${n}`);
      await later;
    }
  });

  test('a revision that nobody has written is waited for, and then refused', async () => {
    const { json } = await other.client.get(`${configMaps}?limit=1`);
    const far = Number(json.metadata.resourceVersion) + 1_000_000;
    const { status, json: answer } = await other.client.get(`${configMaps}?resourceVersion=${far}`);
    assert.equal(status, 504);
    assert.match(answer.message, new RegExp(`^Timeout: Too large resource version: ${far}, current: \\d+$`));
  });

  test('events vanish with a lease of etcd', async () => {
    const events = '/api/v1/namespaces/default/events';
    const involvedObject = { kind: 'Pod', namespace: 'default', name: 'none' };
    const { status } = await one.client.post(events, { metadata: { name: 'told' }, involvedObject, reason: 'Told' });
    assert.equal(status, 201);
    const { kvs } = await one.store.range({ key: Buffer.from('/registry/events/default/told') });
    const lease = kvs[0]?.lease ?? 0n;
    assert.notEqual(lease, 0n);
    assert.equal((await one.store.leaseTimeToLive(lease)).grantedTtlSeconds, 3660);
    await one.store.leaseRevoke(lease); // as if its time were over
    await until(
      () => other.client.get(`${events}/told`),
      (answer) => assert.equal(answer.status, 404),
    );
  });

  test('a watch outlives every member, one after another', async () => {
    const watched = record(other.client, `${configMaps}?watch=1&resourceVersion=${await revisionAt(one)}`);
    const written: string[] = [];
    for (const member of [0, 1, 2]) {
      await cluster.kill(member);
      for (let n = 0; n < 20; n++) {
        const name = `member-${member}-${n}`;
        // A write that was under way may have been done: then it is there already.
        await until(
          () => create(one, name),
          ({ status }) => assert.ok(status === 201 || status === 409, String(status)),
        );
        written.push(name);
      }
      cluster.start(member);
    }
    await until(
      async () => watched.names,
      (names) => assert.deepEqual(names, written, 'each once, in order'),
    );
    assert.equal(watched.ended, false);
    watched.stop();
  });

  test("without a majority answers are etcd's words, and nobody is told the past", async () => {
    const { json } = await create(one, 'before');
    for (const member of [0, 1]) await cluster.kill(member);
    const answers = await Promise.all([
      create(one, 'during'),
      one.client.get(configMaps),
      other.client.get(configMaps),
    ]);
    for (const { status, json: answer } of answers) {
      assert.equal(status, 500);
      assert.match(answer.message, /^etcdserver: (request timed out|no leader)/);
      assert.equal(answer.reason, undefined);
    }
    // Who is content with the past has it: kubelets start that way.
    assert.ok((await namesAt(other, '?resourceVersion=0')).length > 0);
    const health = await one.client.get('/healthz');
    assert.equal(health.status, 500);
    assert.match(health.text, /\[-\]etcd failed/);
    for (const member of [0, 1]) cluster.start(member);
    await until(
      () => one.client.get('/healthz'),
      ({ status }) => assert.equal(status, 200),
    );
    assert.ok((await namesAt(one)).includes(json.metadata.name));
  });

  async function revisionAt(served: Served): Promise<string> {
    return (await served.client.get(`${configMaps}?limit=1`)).json.metadata.resourceVersion;
  }
});

function nameOf({ metadata }: { metadata: { name: string } }): string {
  return metadata.name;
}

/** Waits until a watch tells of an object. */
async function shows(client: HttpClient, path: string, name: string): Promise<void> {
  for await (const line of client.lines(path)) if (nameOf(JSON.parse(line).object) === name) return;
  assert.fail(`a watch ended without ${name}`);
}

/** Reads a watch as it comes. */
function record(client: HttpClient, path: string) {
  const lines = client.lines(path);
  const recording = { names: [] as string[], ended: false, stop: () => void lines.return(undefined) };
  const read = async (): Promise<void> => {
    for await (const line of lines) recording.names.push(nameOf(JSON.parse(line).object));
    recording.ended = true;
  };
  read().catch((error: unknown) => recording.names.push(String(error)));
  return recording;
}
