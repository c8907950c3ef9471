import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePlatform, type Descriptor } from './manifest.ts';

const entry = (digest: string, architecture?: string, variant?: string, os = 'linux'): Descriptor => ({
  mediaType: '',
  digest,
  size: 1,
  ...(architecture && { platform: { os, architecture, ...(variant && { variant }) } }),
});
const choose = (architecture: string, ...manifests: Descriptor[]): string =>
  choosePlatform({ schemaVersion: 2, manifests }, architecture).digest;

test('the image of the platform is chosen, the best variant, an unnamed one for want of another', () => {
  assert.equal(
    choose('amd64', entry('a', 'arm64'), entry('b', 'amd64'), entry('c', 'amd64', undefined, 'windows')),
    'b',
  );
  assert.equal(choose('arm', entry('5', 'arm', 'v5'), entry('7', 'arm', 'v7'), entry('6', 'arm', 'v6')), '7');
  assert.equal(choose('amd64', entry('u', 'unknown', undefined, 'unknown'), entry('n')), 'n');
  assert.throws(() => choose('amd64', entry('a', 'arm64')), /no match for platform in manifest: linux\/amd64/);
});
