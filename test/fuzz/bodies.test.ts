import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { allResources, Deployment } from '#api';
import { encodeKube, encodeProtobuf } from '#machinery';
import { collectionPath } from './support/schema-paths.ts';
import { fuzzTarget, seed } from './support/target.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const golden = ['../shared', '../../shared'].map((to) => join(root, to, 'kubernetes/golden')).find(existsSync);

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' }, annotations: { 'example.com/a': 'b' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'web:1', resources: { limits: { cpu: '1' } } }] },
    },
  },
};

interface Sample {
  path: string;
  type: string;
  bytes: Buffer;
}

const typeOf = { json: 'application/json', yaml: 'application/yaml', pb: 'application/vnd.kubernetes.protobuf' };

/** Bodies as they should be: Kubernetes' own where they are at hand, else ours. */
function samples(): Sample[] {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  const raw = encodeKube({ apiVersion: 'apps/v1', kind: 'Deployment' }, encodeProtobuf(Deployment, deployment));
  const own = [
    { path, type: typeOf.json, bytes: Buffer.from(JSON.stringify(deployment)) },
    { path, type: typeOf.yaml, bytes: Buffer.from(JSON.stringify(deployment, null, 1)) },
    { path, type: typeOf.pb, bytes: Buffer.from(raw) },
  ];
  return [...own, ...(golden ? goldenSamples(golden) : [])];
}

function goldenSamples(folder: string): Sample[] {
  return readdirSync(folder).flatMap((file) => {
    const [group, version, kind, form] = file.split('.');
    const resource = allResources.find(
      (one) => one.group === (group === 'core' ? '' : group) && one.version === version && one.kindName === kind,
    );
    if (!resource?.verbs.includes('create')) return [];
    const type = form === 'pb' ? typeOf.pb : typeOf.json;
    return [{ path: collectionPath(resource), type, bytes: readFileSync(join(folder, file)) }];
  });
}

/** One thing done to the bytes of a body. */
type Mutation = (bytes: Buffer) => Buffer;

const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  position.map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(0, Math.floor(at * bytes.length)),
  ),
  fc.tuple(position, fc.nat(255)).map(([at, value]): Mutation => (bytes) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[Math.floor(at * copy.length)] = value;
    return copy;
  }),
  fc.tuple(position, fc.uint8Array({ maxLength: 40 })).map(([at, more]): Mutation => (bytes) => {
    const cut = Math.floor(at * bytes.length);
    return Buffer.concat([bytes.subarray(0, cut), more, bytes.subarray(cut)]);
  }),
  fc.tuple(position, position).map(([from, to]): Mutation => (bytes) => {
    const [start, end] = [from, to].sort((a, b) => a - b).map((at) => Math.floor(at * bytes.length));
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  }),
);

describe('bodies', () => {
  const target = fuzzTarget();
  const maps = '/api/v1/namespaces/default/configmaps';
  const dryRun = '?dryRun=All';
  const post = (path: string, type: string, body: Buffer | string) =>
    target.ask(`${path}${dryRun}`, { method: 'POST', headers: { 'content-type': type }, body });

  test('what is cut, doubled, overwritten and mixed up is read or refused', async (t) => {
    const change = fc.tuple(fc.constantFrom(...samples()), fc.array(mutation, { minLength: 1, maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(change, async ([{ path, type, bytes }, mutations]) => {
        await post(
          path,
          type,
          mutations.reduce((body, mutate) => mutate(body), bytes),
        );
      }),
      { seed, numRuns: 800, interruptAfterTimeLimit: 4000, markInterruptAsFailure: false },
    );
    await target.assertSound();
    target.report(t);
  });

  test('bytes of any kind are read or refused', async (t) => {
    const types = [...Object.values(typeOf), 'text/plain', '', 'application/json; charset=utf-16', 'a/b;;;=', '*/*'];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from([0x6b, 0x38, 0x73, 0]), bytes])),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...types), bytes, async (type, body) => {
        await post(maps, type, body);
      }),
      { seed, numRuns: 600, interruptAfterTimeLimit: 3000, markInterruptAsFailure: false },
    );
    await target.assertSound();
    target.report(t);
  });

  test('what is too large is refused in the words of Kubernetes', async (t) => {
    const data = (bytes: number): string =>
      JSON.stringify({ metadata: { name: 'large' }, data: { a: 'x'.repeat(bytes) } });
    const over = await post(maps, typeOf.json, data(3 * 1024 * 1024));
    assert.deepEqual([over.status, over.json.reason], [413, 'RequestEntityTooLarge']);
    assert.equal(over.json.message, 'Request entity too large: limit is 3145728');
    for (const mebibytes of [4, 10])
      assert.equal((await post(maps, typeOf.json, data(mebibytes * 2 ** 20))).status, 413);
    const under = await post(maps, typeOf.json, data(2 * 1024 * 1024));
    assert.equal(under.status, 422, 'a ConfigMap holds one mebibyte');
    await target.assertSound();
    target.report(t);
  });

  test('ten thousand keys, and nesting without end', async (t) => {
    const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key-${at}`, 'v']));
    for (const field of ['labels', 'annotations']) {
      await post(maps, typeOf.json, JSON.stringify({ metadata: { name: 'wide', [field]: keys } }));
    }
    const wide = await post(maps, typeOf.json, JSON.stringify({ metadata: { name: 'wide' }, data: keys }));
    assert.equal(wide.status, 201, wide.text);
    for (const depth of [100, 9000, 100_000]) {
      const lists = '['.repeat(depth) + ']'.repeat(depth);
      const objects = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
      for (const value of [lists, objects, lists.slice(0, depth)]) {
        // YAML of that many levels is refused too, but takes its reader seconds.
        const types = depth < 10_000 ? [typeOf.json, typeOf.yaml] : [typeOf.json];
        for (const type of types) {
          const body = `{"metadata":{"name":"deep"},"data":${value}}`;
          const { status } = await post(maps, type, body);
          assert.ok(status >= 400, `${depth} levels were accepted`);
        }
      }
    }
    const bomb = Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(at > 0 ? 9 : 0)}x]`);
    assert.ok((await post(maps, typeOf.yaml, bomb.join('\n'))).status >= 400);
    await target.assertSound();
    target.report(t);
  });

  test('keys that JavaScript gives a meaning are keys', async (t) => {
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
    for (const name of names) {
      const own = `{"metadata":{"name":"keys","labels":{"${name}":"a"},"annotations":{"${name}":"a"}},"data":{"${name}":"a"}}`;
      await post(maps, typeOf.json, own);
      await post(
        maps,
        typeOf.json,
        `{"${name}":{"polluted":true},"metadata":{"name":"keys","${name}":{"polluted":true}}}`,
      );
      await post(maps, typeOf.yaml, `${name}: {polluted: true}\nmetadata: {name: keys, ${name}: {polluted: true}}`);
      for (const path of ['nodes', 'namespaces']) {
        const status = `{"metadata":{"name":"keys"},"status":{"capacity":{"${name}":"1"},"${name}":{"polluted":1}}}`;
        await post(`/api/v1/${path}`, typeOf.json, status);
      }
    }
    const { json } = await post(
      maps,
      typeOf.json,
      '{"metadata":{"name":"keys"},"data":{"constructor":"a","__proto__":"b"}}',
    );
    assert.deepEqual(Object.entries(json.data), [
      ['constructor', 'a'],
      ['__proto__', 'b'],
    ]);
    await target.assertSound();
    target.report(t);
  });
});
