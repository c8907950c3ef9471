import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { podTemplates, type PodTemplate } from '#api';
import { randomInt, seededRandom } from '#base';
import type { ResourceClient } from '#client';
import { conformanceCluster } from '../support/cluster.ts';

const total = 400;
const nameAt = (at: number): string => `template-${String(at).padStart(4, '0')}`;

describe('API chunking', () => {
  const cluster = conformanceCluster();
  const random = seededRandom(36);
  let calls: ResourceClient<PodTemplate>;
  let path: string;

  before(async () => {
    const namespace = await cluster.namespace();
    calls = cluster.client.of(podTemplates).in(namespace);
    path = `/api/v1/namespaces/${namespace}/podtemplates`;
    const template = { spec: { containers: [{ name: 'test', image: 'test2' }] } };
    const create = (at: number) => calls.create({ metadata: { name: nameAt(at) }, template });
    for (let at = 0; at < total; at += 20) await Promise.all(Array.from({ length: 20 }, (_, one) => create(at + one)));
  });

  /** One page; checks that it says how many come behind it. */
  async function page(found: number, limit: number, token = '') {
    const { json } = await cluster.http.get(`${path}?limit=${limit}&continue=${token}`);
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

  test('[sig-api-machinery] Servers with support for API chunking should return chunks of results for list calls [Conformance]', async () => {
    for (let round = 0; round < 3; round++) {
      const revisions = new Set<string>();
      let found = 0;
      let token = '';
      do {
        const { count, next, resourceVersion } = await page(found, 1 + randomInt(random, total / 10), token);
        revisions.add(resourceVersion);
        found += count;
        token = next;
      } while (token !== '');
      assert.equal(found, total);
      assert.equal(revisions.size, 1, 'all pages show one revision');
    }
    assert.equal((await calls.list({ limit: total + 1 })).items.length, total);
  });
});
