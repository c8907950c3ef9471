import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatReference, parseReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

for (const [text, full] of [
  ['busybox', 'docker.io/library/busybox:latest'],
  ['busybox:1.36', 'docker.io/library/busybox:1.36'],
  ['team/app', 'docker.io/team/app:latest'],
  ['docker.io/busybox', 'docker.io/library/busybox:latest'],
  ['index.docker.io/library/x:y', 'docker.io/library/x:y'],
  ['localhost/a/b', 'localhost/a/b:latest'],
  ['localhost:5000/a', 'localhost:5000/a:latest'],
  ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
  ['[::1]:5000/a:b', '[::1]:5000/a:b'],
  [`busybox@${digest}`, `docker.io/library/busybox@${digest}`],
  [`busybox:1@${digest}`, `docker.io/library/busybox@${digest}`],
] as const)
  test(`${text} is ${full}`, () => assert.equal(formatReference(parseReference(text)), full));

for (const text of [
  '',
  'UPPER',
  'a b',
  'a:b:c',
  'a@sha256:12',
  `a@${digest}@${digest}`,
  '/a',
  'a/',
  'x/../y',
  'a:-x',
  'localhost:port/a',
])
  test(`${JSON.stringify(text)} is no reference`, () =>
    assert.throws(() => parseReference(text), /invalid reference format/));
