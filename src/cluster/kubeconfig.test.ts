import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { parseYaml } from '#machinery';
import { mergeKubeconfig, removeFromKubeconfig } from './kubeconfig.ts';

const access = { server: 'https://127.0.0.1:6443', caPem: 'ca', certPem: 'cert', keyPem: 'key' };

// A suite, so that what is done around each test is done around these alone: all files share one process.
describe('a kubeconfig', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kedge-kubeconfig-'));
    path = join(folder, 'config');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = async () => parseYaml(await readFile(path, 'utf8'))[0];

  test('a cluster comes into a new kubeconfig, and the file goes with the last of them', async () => {
    await mergeKubeconfig(path, { ...access, context: 'kedge' });
    await mergeKubeconfig(path, { ...access, context: 'kedge-two' });
    await removeFromKubeconfig(path, 'kedge-two');
    const one = (await read()) as { contexts: unknown[]; 'current-context': string };
    assert.deepEqual(one.contexts, [{ name: 'kedge', context: { cluster: 'kedge', user: 'kedge' } }]);
    assert.equal(one['current-context'], '');
    await removeFromKubeconfig(path, 'kedge');
    assert.equal(existsSync(path), false);
  });

  for (const [what, kept] of [
    ['a user', { users: [{ name: 'me', user: { token: 't' } }] }],
    ['a preference', { preferences: { colors: true } }],
    ['a current context', { 'current-context': 'theirs' }],
    ['a field that we do not know', { extensions: [{ name: 'x' }] }],
  ] as const) {
    test(`a kubeconfig that has ${what} beside stays`, async () => {
      await writeFile(path, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...kept }));
      await mergeKubeconfig(path, { ...access, context: 'kedge' });
      if ('current-context' in kept)
        await writeFile(
          path,
          (await readFile(path, 'utf8')).replace(/^current-context: .*/m, 'current-context: theirs'),
        );
      await removeFromKubeconfig(path, 'kedge');
      const left = (await read()) as Record<string, unknown>;
      for (const [name, value] of Object.entries(kept)) assert.deepEqual(left[name], value);
    });
  }
});
