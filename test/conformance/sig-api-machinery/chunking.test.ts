import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { configMaps, podTemplates, type PodTemplate } from '#api';
import { randomInt, seededRandom } from '#base';
import type { ResourceClient } from '#client';
import { until } from '../../support/until.ts';
import { conformanceCluster, type ConformanceCluster } from '../support/cluster.ts';

const total = 400;
const nameAt = (at: number): string => `template-${String(at).padStart(4, '0')}`;

/** A namespace full of pod templates, to be listed page by page. */
class Templates {
  readonly calls: ResourceClient<PodTemplate>;
  readonly #cluster: ConformanceCluster;
  readonly #path: string;

  private constructor(cluster: ConformanceCluster, namespace: string) {
    this.#cluster = cluster;
    this.calls = cluster.client.of(podTemplates).in(namespace);
    this.#path = `/api/v1/namespaces/${namespace}/podtemplates`;
  }

  static async create(cluster: ConformanceCluster): Promise<Templates> {
    const templates = new Templates(cluster, await cluster.namespace());
    const template = { spec: { containers: [{ name: 'test', image: 'test2' }] } };
    const create = (at: number) => templates.calls.create({ metadata: { name: nameAt(at) }, template });
    for (let at = 0; at < total; at += 20) await Promise.all(Array.from({ length: 20 }, (_, one) => create(at + one)));
    return templates;
  }

  /** What the server answers who asks for a page. */
  ask(limit: number, token: string) {
    return this.#cluster.http.get(`${this.#path}?limit=${limit}&continue=${token}`);
  }

  /** One page; checks that it says how many come behind it. */
  async page(found: number, limit: number, token = '') {
    const { json } = await this.ask(limit, token);
    assert.equal(json.kind, 'PodTemplateList', JSON.stringify(json));
    const { continue: next = '', remainingItemCount, resourceVersion } = json.metadata;
    const names: string[] = json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    assert.ok(names.length <= limit);
    assert.deepEqual(
      names,
      Array.from(names, (_, at) => nameAt(found + at)),
    );
    assert.equal(remainingItemCount, next === '' ? undefined : total - found - names.length);
    return { count: names.length, next, resourceVersion };
  }
}

describe('API chunking', () => {
  const cluster = conformanceCluster();
  const random = seededRandom(36);
  let templates: Templates;
  before(async () => void (templates = await Templates.create(cluster)));

  test('[sig-api-machinery] Servers with support for API chunking should return chunks of results for list calls [Conformance]', async () => {
    for (let round = 0; round < 3; round++) {
      const revisions = new Set<string>();
      let found = 0;
      let token = '';
      do {
        const { count, next, resourceVersion } = await templates.page(found, 1 + randomInt(random, total / 10), token);
        revisions.add(resourceVersion);
        found += count;
        token = next;
      } while (token !== '');
      assert.equal(found, total);
      assert.equal(revisions.size, 1, 'all pages show one revision');
    }
    assert.equal((await templates.calls.list({ limit: total + 1 })).items.length, total);
  });
});

describe('API chunking where little is kept of what was', () => {
  const cluster = conformanceCluster({ historyMs: 500 });
  let templates: Templates;
  before(async () => void (templates = await Templates.create(cluster)));

  /** Lets the cluster live on until the server has forgotten the state that a token shows; returns the token it gives for it. */
  async function tokenAfterCompaction(limit: number, token: string): Promise<string> {
    const calls = cluster.client.of(configMaps).in('default');
    const { status, json } = await until(
      async () => {
        await calls.create({ metadata: { generateName: 'meanwhile-' } });
        return templates.ask(limit, token);
      },
      (answer) => assert.notEqual(answer.status, 200, 'the token has not expired yet'),
    );
    assert.equal(status, 410);
    assert.equal(json.reason, 'Expired');
    return json.metadata.continue;
  }

  test('[sig-api-machinery] Servers with support for API chunking should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent [Slow] [Conformance]', async () => {
    const limit = total / 10;
    const first = await templates.page(0, limit);
    const inconsistent = await tokenAfterCompaction(limit, first.next);
    let page = await templates.page(first.count, limit, inconsistent);
    assert.equal(page.count, limit);
    assert.notEqual(page.resourceVersion, first.resourceVersion, 'the list goes on in a newer state');
    const { resourceVersion } = page;
    let found = first.count + page.count;
    for (; page.next !== ''; found += page.count) {
      page = await templates.page(found, limit, page.next);
      assert.equal(page.resourceVersion, resourceVersion);
    }
    assert.equal(found, total);
  });
});
