import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStatusError } from '#machinery';
import { negotiate, type Format } from './negotiate.ts';

function format(accept: string | undefined, { query = '', stream = false, userAgent = 'kubectl' } = {}): Format {
  return negotiate({ accept, userAgent, query: new URLSearchParams(query) }, 'transforms', stream);
}

test('the best clause that can be met wins', () => {
  const json = { encoding: 'json', pretty: false };
  assert.deepEqual(format(undefined), json);
  assert.deepEqual(format('*/*'), json);
  assert.deepEqual(format('text/html, application/*;q=0.5'), json);
  assert.deepEqual(format('application/json;q=0.1, application/yaml'), { encoding: 'yaml', pretty: false });
  assert.deepEqual(format('application/vnd.kubernetes.protobuf,application/json'), {
    encoding: 'protobuf',
    pretty: false,
  });
});

test('kubectl gets its table', () => {
  const accept =
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
  assert.deepEqual(format(accept), { encoding: 'json', pretty: false, transform: 'Table', version: 'v1' });
});

test('a table has no protobuf form, bare metadata has', () => {
  const table = 'application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json';
  assert.deepEqual(format(table), { encoding: 'json', pretty: false });
  const partial = 'application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
  assert.equal(format(partial).transform, 'PartialObjectMetadata');
});

test('people get indented answers', () => {
  assert.ok(format('*/*', { userAgent: 'curl/8' }).pretty);
  assert.ok(format('*/*', { query: 'pretty=true' }).pretty);
  assert.ok(!format('*/*', { userAgent: 'curl/8', query: 'pretty=false' }).pretty);
});

test('nothing acceptable is 406, and a watch has no YAML', () => {
  const words = /only the following media types are accepted: application\/json/;
  assert.throws(
    () => format('text/html'),
    (error) => isStatusError(error, 'NotAcceptable') && words.test(error.message),
  );
  assert.throws(() => format('application/yaml', { stream: true }), words);
});
