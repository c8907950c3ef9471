import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLongRunning, requestInfoOf, type RequestInfo } from './request-info.ts';

function info(line: string): RequestInfo {
  const [method = '', url = ''] = line.split(' ');
  const { pathname, searchParams } = new URL(url, 'https://host');
  return requestInfoOf(method, pathname, () => searchParams);
}

function told({ verb, group, version, namespace, resource, subresource, name, subpath }: RequestInfo): string {
  return [verb, `${group}/${version}`, namespace, resource, subresource, name, subpath].join('|');
}

test('resource paths tell verb, place and name', () => {
  const table: Record<string, string> = {
    'GET /api/v1/namespaces': 'list|/v1||namespaces|||',
    'GET /api/v1/namespaces/other': 'get|/v1|other|namespaces||other|',
    'PUT /api/v1/namespaces/other/finalize': 'update|/v1|other|namespaces|finalize|other|',
    'GET /api/v1/namespaces/other/pods': 'list|/v1|other|pods|||',
    'GET /api/v1/namespaces/other/pods/foo': 'get|/v1|other|pods||foo|',
    'HEAD /api/v1/namespaces/other/pods/foo': 'get|/v1|other|pods||foo|',
    'GET /api/v1/pods': 'list|/v1||pods|||',
    'GET /api/v1/pods?watch=true': 'watch|/v1||pods|||',
    'GET /api/v1/pods?watch=false': 'list|/v1||pods|||',
    'GET /api/v1/watch/namespaces/other/pods': 'watch|/v1|other|pods|||',
    'GET /api/v1/pods?fieldSelector=metadata.name%3Dfoo': 'list|/v1||pods||foo|',
    'DELETE /api/v1/namespaces/other/pods': 'deletecollection|/v1|other|pods|||',
    'PATCH /apis/apps/v1/namespaces/other/deployments/x/scale': 'patch|apps/v1|other|deployments|scale|x|',
    'POST /api/v1/namespaces/other/pods/foo/proxy/a/b/': 'create|/v1|other|pods|proxy|foo|/a/b/',
    'GET /api/v1/nodes/n/proxy/': 'get|/v1||nodes|proxy|n|/',
  };
  for (const [line, expected] of Object.entries(table)) assert.equal(told(info(line)), expected, line);
});

test('other paths are no resources and keep their method', () => {
  for (const path of ['/', '/api', '/api/v1', '/apis', '/apis/apps', '/apis/apps/v1', '/healthz', '/a/b/c/d']) {
    const { isResourceRequest, verb } = info(`POST ${path}`);
    assert.deepEqual({ isResourceRequest, verb }, { isResourceRequest: false, verb: 'post' }, path);
  }
});

test('a verb in the path without a resource is refused', () => {
  assert.throws(() => info('GET /api/v1/watch'), RangeError);
});

test('watches and streams are long running', () => {
  assert.ok(isLongRunning(info('GET /api/v1/pods?watch=1')));
  assert.ok(isLongRunning(info('GET /api/v1/namespaces/a/pods/b/log')));
  assert.ok(!isLongRunning(info('GET /api/v1/namespaces/a/pods/b')));
});
