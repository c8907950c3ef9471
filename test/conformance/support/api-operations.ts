import assert from 'node:assert/strict';
import type { New, PatchType, ResourceClient } from '#client';
import { isStatusError, nameOf, uidOf, type KubeObject, type Resource } from '#machinery';
import type { HttpClient, Json } from '../../../src/apiserver/testing/http-client.ts';
import { until } from '../../support/until.ts';
import type { ConformanceCluster } from './cluster.ts';
import { Watching } from './watching.ts';

export interface ApiOperations<T> {
  resource: Resource<T>;
  /** The namespace of the objects; none where the resource has none. */
  namespace?: string;
  /** The objects to make, by their number from 1; the label that they are found by is added. */
  make: (at: number) => New<T>;
  /** The subresources that discovery must tell. */
  subresources?: readonly string[];
  /** What must hold of the object when it is read again. */
  check?: (object: T) => void;
}

/**
 * What the tests of "should support ... API operations" do, each for its own resource: discovery, then create, get,
 * list (in the namespace and in all), watch, patch, update, delete and deletecollection of three objects.
 */
export async function showApiOperations<T extends KubeObject>(
  cluster: ConformanceCluster,
  operations: ApiOperations<T>,
): Promise<void> {
  const { resource, namespace, subresources = [], check } = operations;
  await assertDiscovered(cluster.http, resource, subresources);
  const everywhere = cluster.client.of(resource);
  const calls = namespace === undefined ? everywhere : everywhere.in(namespace);
  const { labelSelector, objects } = await createThree(calls, operations);
  const [created] = objects;
  const name = nameOf(created);

  const gotten = await calls.get(name);
  assert.equal(uidOf(gotten), uidOf(created));
  check?.(gotten);
  assert.equal((await everywhere.list({ labelSelector })).items.length, 3, 'the list of all namespaces');
  const { items, resourceVersion } = await calls.list({ labelSelector });
  assert.equal(items.length, 3);

  await using watch = new Watching(calls, { resourceVersion, labelSelector });
  const patched = await calls.patch(name, { metadata: { annotations: { patched: 'true' } } });
  assert.equal(patched.metadata.annotations?.['patched'], 'true');
  const updated = await annotate(calls, name, 'updated');
  assert.equal(updated.metadata.annotations?.['updated'], 'true');
  await watch.until('MODIFIED', (object) => object.metadata.annotations?.['updated'] === 'true');

  await calls.delete(name);
  await assertGone(calls, name);
  assert.equal((await calls.list({ labelSelector })).items.length, 2);
  await watch.until('DELETED', (object) => uidOf(object) === uidOf(created));
  await calls.deleteCollection({ labelSelector });
  await until(
    () => calls.list({ labelSelector }),
    ({ items }) => assert.equal(items.length, 0),
  );
}

async function createThree<T extends KubeObject>(
  calls: ResourceClient<T>,
  { make }: ApiOperations<T>,
): Promise<{ labelSelector: string; objects: [T, T, T] }> {
  const create = async (at: number): Promise<T> => {
    const object = make(at) as { metadata?: KubeObject['metadata'] };
    const labels = { ...object.metadata?.labels, 'special-label': 'api-operations' };
    return calls.create({ ...object, metadata: { ...object.metadata, labels } } as unknown as New<T>);
  };
  const objects: [T, T, T] = [await create(1), await create(2), await create(3)];
  return { labelSelector: 'special-label=api-operations', objects };
}

/** Reads an object and writes it back with an annotation, as often as others come between. */
export async function annotate<T extends KubeObject>(
  calls: ResourceClient<T>,
  name: string,
  annotation: string,
): Promise<T> {
  for (;;) {
    const object = await calls.get(name);
    const annotations = { ...object.metadata.annotations, [annotation]: 'true' };
    try {
      return await calls.update({ ...object, metadata: { ...object.metadata, annotations } });
    } catch (error) {
      if (!isStatusError(error, 'Conflict')) throw error;
    }
  }
}

/** Waits until there is no object of this name. */
export async function assertGone(calls: ResourceClient<unknown>, name: string): Promise<void> {
  await until(
    () =>
      calls.get(name).then(
        () => false,
        (error: unknown) => isStatusError(error, 'NotFound'),
      ),
    (isGone) => assert.ok(isGone, `${name} is still there`),
  );
}

/** The three discovery documents of a group name the resource and its subresources. */
export async function assertDiscovered(
  http: HttpClient,
  { group, version, plural }: Pick<Resource, 'group' | 'version' | 'plural'>,
  subresources: readonly string[],
): Promise<void> {
  const path = group === '' ? '/api/v1' : `/apis/${group}/${version}`;
  if (group !== '') {
    const hasVersion = (one: Json): boolean => one.versions.some((known: Json) => known.version === version);
    const groups: Json[] = (await http.get('/apis')).json.groups;
    assert.ok(
      groups.some((one) => one.name === group && hasVersion(one)),
      `/apis tells ${group}/${version}`,
    );
    assert.ok(hasVersion((await http.get(`/apis/${group}`)).json), `/apis/${group} tells ${version}`);
  }
  const { resources } = (await http.get(path)).json;
  const names = new Set(resources.map(({ name }: Json) => name));
  for (const name of [plural, ...subresources.map((one) => `${plural}/${one}`)]) {
    assert.ok(names.has(name), `${path} tells ${name}`);
  }
}

/** One object through a subresource with the resource's own kind, as clients of no type ask for it. */
export async function askSubresource(
  cluster: ConformanceCluster,
  path: string,
  { method = 'GET', body, type }: { method?: string; body?: unknown; type?: PatchType } = {},
): Promise<Json> {
  const headers: Record<string, string> = type ? { 'content-type': type } : {};
  const answer = await cluster.http.ask(path, { method, body, headers });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
  return answer.json;
}

/** Reads, patches and updates the conditions of an object that lives in no namespace, through its status. */
export async function showStatusOfConditions<T extends KubeObject>(
  cluster: ConformanceCluster,
  resource: Resource<T>,
  object: New<T>,
): Promise<void> {
  const created = await cluster.client.of(resource).create(object);
  const path = `/apis/${resource.apiVersion}/${resource.plural}/${nameOf(created)}/status`;
  const read = await askSubresource(cluster, path);
  assert.equal(read.metadata.uid, created.metadata.uid);
  const lastTransitionTime = created.metadata.creationTimestamp;
  const condition = { type: 'PatchStatusFailed', status: 'False', reason: 'Patched', message: 'by patch' };
  const patched = await askSubresource(cluster, path, {
    method: 'PATCH',
    type: 'application/merge-patch+json',
    body: { status: { conditions: [{ ...condition, lastTransitionTime }] } },
  });
  assert.equal(patched.status.conditions[0].type, 'PatchStatusFailed');
  const conditions = [{ ...condition, lastTransitionTime, type: 'StatusUpdateFailed', reason: 'Updated' }];
  // Whoever keeps the conditions may come between.
  const updated = await until(
    async () => {
      const status = { ...patched.status, conditions };
      return cluster.http.ask(path, { method: 'PUT', body: { ...(await askSubresource(cluster, path)), status } });
    },
    ({ status, text }) => assert.equal(status, 200, text),
  );
  assert.equal(updated.json.status.conditions[0].type, 'StatusUpdateFailed');
  await cluster.client.of(resource).delete(nameOf(created));
}
