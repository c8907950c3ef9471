import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from '#wire';
import { imageService, runtimeService } from '../services.ts';
import * as m from './index.ts';

test('a request is made of what it says and completed', () => {
  const request = m.CreateContainerRequest.of({
    podSandboxId: 'p',
    config: { metadata: { name: 'web' }, mounts: [{ hostPath: '/a', containerPath: '/b' }] },
  });
  assert.equal(request.config?.mounts[0]?.propagation, 'PROPAGATION_PRIVATE');
  assert.equal(request.config?.stopSignal, 'RUNTIME_DEFAULT');
  assert.equal(request.config?.linux, undefined);
  assert.deepEqual(decode(m.CreateContainerRequest, encode(m.CreateContainerRequest, request)), request);
});

test('times keep their nanoseconds', () => {
  const status = m.ContainerStatus.of({ createdAt: 1_790_000_000_123_456_789n });
  assert.equal(decode(m.ContainerStatus, encode(m.ContainerStatus, status)).createdAt, 1_790_000_000_123_456_789n);
});

test('CRI v1 is whole', () => {
  assert.equal(Object.keys(runtimeService.methods).length, 35);
  assert.equal(Object.keys(imageService.methods).length, 6);
  for (const [name, method] of Object.entries({ ...runtimeService.methods, ...imageService.methods })) {
    assert.equal(name, method.name[0]!.toLowerCase() + method.name.slice(1));
  }
});
