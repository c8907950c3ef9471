/**
 * The runtime with real runc and conmon. Its stories stand in `testing/netns`; they run in a process of their own in a
 * network namespace of its own, so that the machine's links, routes and rules stay out of it.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProcess } from '#base';

const programs = ['/usr/sbin/runc', '/usr/bin/conmon', '/usr/sbin/nft', '/usr/bin/unshare', '/usr/bin/busybox'];
const missing = programs.filter((program) => !existsSync(program));
const skip =
  process.getuid?.() === 0
    ? missing.length > 0
      ? `needs ${missing.join(', ')}`
      : false
    : 'needs root: containers, mounts, namespaces';

const folder = join(import.meta.dirname, 'testing/netns');
for (const file of await readdir(folder)) {
  test(`real containers: ${file}`, { skip, timeout: 300_000 }, async () => {
    const flags = ['--test', '--test-isolation=none', '--test-force-exit', '--test-reporter=spec'];
    const { code, stdout, stderr } = await runProcess([
      'unshare',
      '--net',
      process.execPath,
      ...flags,
      join(folder, file),
    ]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /pass [1-9]/);
  });
}
