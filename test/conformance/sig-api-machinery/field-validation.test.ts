import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conformanceCluster } from '../support/cluster.ts';

const spec = `"selector": {"matchLabels": {"app": "nginx"}},
  "template": {
    "metadata": {"labels": {"app": "nginx"}},
    "spec": {"containers": [{"name": "nginx", "image": "nginx:latest"}]}
  }`;

function deployment(metadata: string, more: string): string {
  return `{"apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": {"name": "my-dep", ${metadata} "labels": {"app": "nginx"}},
    "spec": {${more} ${spec}}}`;
}

describe('FieldValidation', () => {
  const cluster = conformanceCluster();

  async function refusalOf(body: string): Promise<string> {
    const query = 'fieldManager=field_validation_mgr&fieldValidation=Strict';
    const path = `/apis/apps/v1/namespaces/${await cluster.namespace()}/deployments?${query}`;
    const answer = await cluster.http.ask(path, { method: 'POST', body });
    assert.equal(answer.status, 400, answer.text);
    return answer.json.message;
  }

  test('[sig-api-machinery] FieldValidation should detect unknown and duplicate fields of a typed object [Conformance]', async () => {
    const body = deployment('', '"unknownField": "foo", "replicas": 2, "replicas": 3,');
    const words = 'strict decoding error: unknown field "spec.unknownField", duplicate field "spec.replicas"';
    assert.ok((await refusalOf(body)).includes(words));
  });

  test('[sig-api-machinery] FieldValidation should detect unknown metadata fields of a typed object [Conformance]', async () => {
    const words = 'strict decoding error: unknown field "metadata.unknownMeta"';
    assert.ok((await refusalOf(deployment('"unknownMeta": "foo",', ''))).includes(words));
  });
});
