import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '#api';
import { containerSecurity, type ImageUser } from './security-context.ts';

test('a container runs as its pod says, else as its image says, else as root; a group never stands alone', () => {
  const identity = (securityContext: object, image: ImageUser): unknown[] => {
    const container = { name: 'c', securityContext: { runAsGroup: 7 } };
    const pod: Pod = { metadata: { name: 'p' }, spec: { containers: [container], securityContext }, status: {} };
    const { runAsUser, runAsUsername, runAsGroup } = containerSecurity(pod, container, image, '');
    return [runAsUser?.value, runAsUsername, runAsGroup?.value];
  };
  assert.deepEqual(identity({ runAsUser: 5 }, { uid: 6, username: '' }), [5, '', 7]);
  assert.deepEqual(identity({}, { uid: 6, username: '' }), [6, '', 7]);
  assert.deepEqual(identity({}, { username: 'web' }), [undefined, 'web', 7]);
  assert.deepEqual(identity({}, { username: '' }), [0, '', 7]);
});
