/** Encryption at rest as its page tells it: the commands of docs/encryption.md, in their order, with a real kubectl. */
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execute } from '#base';
import { TestCluster } from '../support/cluster.ts';
import { cannotRun } from '../support/requirements.ts';
import { kubectlPath, root } from '../support/tools.ts';

/** The commands under each heading of the page, block by block. */
async function commands(): Promise<Map<string, string[]>> {
  const page = await readFile(join(root, 'docs/encryption.md'), 'utf8');
  const sections = page.split(/^## /m).slice(1);
  return new Map(sections.map((section) => [section.split('\n', 1)[0] ?? '', blocksOf(section)]));
}

function blocksOf(section: string): string[] {
  return [...section.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block.replaceAll(/^\$ /gm, ''));
}

describe('encryption at rest', { skip: cannotRun('etcdctl') }, () => {
  let home: TestCluster;
  let cluster: TestCluster;
  let page: Map<string, string[]>;

  before(async () => {
    home = await TestCluster.home();
    cluster = home.beside('kedge'); // as the page has it
    page = await commands();
    const bin = join(home.home, 'bin');
    await mkdir(bin);
    await symlink(await kubectlPath('1.35'), join(bin, 'kubectl'));
    const program = cluster.kedgeCommand().map((word) => `'${word}'`);
    await writeFile(join(bin, 'kedge'), `#!/bin/sh\nexec ${program.join(' ')} "$@"\n`, { mode: 0o755 });
    cluster.env['PATH'] = `${bin}:${cluster.env['PATH']}`;
  });
  after(() => home?.[Symbol.asyncDispose]());

  const run = (script: string): Promise<string> =>
    execute(['sh', '-ec', `cd ${cluster.home}\n${script}`], { env: cluster.env });

  /** What lies in the store, as far as it can be printed. */
  const stored = (name: string): Promise<string> => {
    const get = `etcdctl --endpoints unix://etcd.sock get --print-value-only /registry/secrets/default/${name}`;
    return run(`cd clusters/kedge/run && ${get} | LC_ALL=C tr -cd '[:print:]'`);
  };

  const password = (): Promise<string> => run(`kubectl get secret login -o jsonpath='{.data.password}' | base64 -d`);

  test('Secrets are encrypted in the store', async () => {
    const [start = '', look = '', again = ''] = page.get('Encrypt Secrets') ?? [];
    await run(start);
    assert.match(await run(look), /^k8s:enc:secretbox:v1:key1:/);
    const before = await stored('login');
    assert.match(before, /^k8s:enc:secretbox:v1:key1:/);
    assert.doesNotMatch(before, /c3dvcmRmaXNo|swordfish/);
    await run(again);
    assert.equal(await stored('login'), before);
    assert.equal(await password(), 'swordfish');
  });

  test('another key takes over, and the old one may go', async () => {
    for (const block of page.get('Change the key') ?? []) await run(block);
    assert.match(await stored('login'), /^k8s:enc:secretbox:v1:key2:/);
    assert.doesNotMatch(await run('cat encryption.yaml'), /key1/);
    assert.equal(await password(), 'swordfish');
  });

  test('a server that was killed comes back with the same file', async () => {
    await cluster.crash('server');
    await run('kedge up');
    assert.equal(await password(), 'swordfish');
    await run('kubectl create secret generic later --from-literal=a=b');
    assert.match(await stored('later'), /^k8s:enc:secretbox:v1:key2:/);
  });

  test('a file that is wrong is refused before anything is touched', async () => {
    const wrong = join(cluster.home, 'wrong.yaml');
    await writeFile(wrong, 'kind: Foo\napiVersion: v1\n');
    const { code, stderr } = await cluster.tryKedge('up', '--encryption-provider-config', wrong);
    assert.equal(code, 1);
    assert.match(stderr, /^error: error while parsing file: error decoding encryption provider configuration file "/);
    assert.equal(await password(), 'swordfish');
  });

  test('encryption ends', async () => {
    for (const block of page.get('Encrypt no more') ?? []) await run(block);
    assert.match(await stored('login'), /^\{"apiVersion":"v1","kind":"Secret".*c3dvcmRmaXNo/);
    assert.equal(await password(), 'swordfish');
  });
});
