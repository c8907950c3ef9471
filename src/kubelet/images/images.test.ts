import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Secret } from '#api';
import { repositoryOf, withDefaultTag } from './image-name.ts';
import { credentialsFor } from './pull-secrets.ts';

test('an image gets the default tag, or is refused', () => {
  assert.equal(withDefaultTag('nginx'), 'nginx:latest');
  assert.equal(withDefaultTag('nginx:1.27'), 'nginx:1.27');
  assert.equal(withDefaultTag('localhost:5000/a/b'), 'localhost:5000/a/b:latest');
  const digest = `sha256:${'a'.repeat(64)}`;
  assert.equal(withDefaultTag(`nginx@${digest}`), `nginx@${digest}`);
  assert.throws(() => withDefaultTag('Nginx'), /must be lowercase/);
  assert.throws(() => withDefaultTag('a b'), /couldn't parse image name "a b": invalid reference format/);
  assert.throws(() => withDefaultTag(''), /invalid reference format/);
});

test('repositories are named in full', () => {
  assert.equal(repositoryOf('nginx:1'), 'docker.io/library/nginx');
  assert.equal(repositoryOf('me/app'), 'docker.io/me/app');
  assert.equal(repositoryOf('r.example:5000/app:1'), 'r.example:5000/app');
});

test('the most specific credentials come first', () => {
  const auths = {
    'https://index.docker.io/v1/': { username: 'hub', password: 'h' },
    'r.example': { auth: Buffer.from('all:a:b').toString('base64') },
    'r.example/team': { username: 'team', password: 't' },
    '*.cloud.example': { username: 'glob', password: 'g' },
  };
  const data = { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') };
  const secret = { metadata: {}, type: 'kubernetes.io/dockerconfigjson', data } as unknown as Secret;
  const users = (image: string): string[] =>
    credentialsFor(image, [secret]).map(({ username, password }) => `${username}/${password}`);
  assert.deepEqual(users('r.example/team/app:1'), ['team/t', 'all/a:b']);
  assert.deepEqual(users('r.example/other'), ['all/a:b']);
  assert.deepEqual(users('nginx'), ['hub/h']);
  assert.deepEqual(users('eu.cloud.example/x'), ['glob/g']);
  assert.deepEqual(users('cloud.example/x'), []);
});
