/**
 * docs/etcd.md as its reader meets it: all its commands in their order, in one shell, in a network of their own so that the
 * page can use the ports that everyone uses.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { runProcess } from '#base';
import { cannotRun } from '../support/requirements.ts';
import { kubectlPath, root } from '../support/tools.ts';

/** Between the output of two blocks; the heading of the second follows. */
const mark = '@@@@ ';

interface Block {
  heading: string;
  script: string;
}

async function blocks(): Promise<Block[]> {
  const page = await readFile(join(root, 'docs/etcd.md'), 'utf8');
  return page.split(/^##+ /m).flatMap((section) => {
    const heading = section.split('\n', 1)[0] ?? '';
    return [...section.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => {
      return { heading, script: block.replaceAll(/^\$ /gm, '') };
    });
  });
}

/** What each block printed, under its heading. Whatever it started ends with the shell. */
async function walk(page: readonly Block[]): Promise<Map<string, string[]>> {
  const home = await mkdtemp(join(tmpdir(), 'kedge-page-'));
  try {
    await mkdir(join(home, 'bin'));
    await symlink(await kubectlPath('1.35'), join(home, 'bin/kubectl'));
    const kedge = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/kedge.mjs')}' "$@"\n`;
    await writeFile(join(home, 'bin/kedge'), kedge, { mode: 0o755 });
    const script = page.map(({ heading, script }) => `echo "${mark}${heading}"\n${script}`).join('\n');
    await writeFile(join(home, 'page.sh'), `set -em\ntrap 'kill -9 $(jobs -p) 2>/dev/null' EXIT\n${script}`);
    const env = { PATH: `${join(home, 'bin')}:${process.env['PATH']}`, HOME: home, KEDGE_HOME: home, ETCDCTL_API: '3' };
    const inside = ['unshare', '--net', '--fork', '--kill-child', 'sh', '-c', 'ip link set lo up && exec bash page.sh'];
    const result = await runProcess(['timeout', '180', ...inside], { env, cwd: home });
    const sections = result.stdout.split(mark).slice(1);
    assert.equal(result.code, 0, `${sections.at(-1)}\n${result.stderr.slice(-3000)}`);
    const outputs = new Map<string, string[]>();
    for (const section of sections) {
      const [heading = '', ...lines] = section.split('\n');
      outputs.set(heading, [...(outputs.get(heading) ?? []), lines.join('\n')]);
    }
    return outputs;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

describe('the page about etcd', { skip: cannotRun('etcd', 'etcdctl', 'openssl', 'curl', 'unshare') }, () => {
  let output: (heading: string, block?: number) => string;
  before(async () => {
    const outputs = await walk(await blocks());
    output = (heading, block = 0) => outputs.get(heading)?.[block] ?? '';
  });

  test("Kedge's own store is served, saved and restored", () => {
    assert.match(output("Kedge's own store"), /OK\ngreeting\nhello\n/);
    assert.match(output('Back up and restore'), /backup\.db saved\nHASH .*\n\w{8} +2 +1 /);
    assert.match(output('Back up and restore', 1), /restored to .*own\.etcd, at revision 1000002\n/);
    assert.match(output('Back up and restore', 1), /hello\n$/);
    assert.match(output('Space'), /compacted revision 1000003\nFinished defragmenting/);
  });

  test('three members are run, saved, and one of them is replaced', () => {
    const three = 'Three members of a real etcd';
    assert.equal(output(three, 2).match(/127\.0\.0\.\d:2379 \| +\w+ \|/g)?.length, 3);
    assert.match(output(three, 3), /configmap\/greeting created/);
    assert.match(output('Back up three members'), /three\.db saved/);
    assert.match(output('Lose one, and replace it'), /configmap\/while-one-is-gone (created|unchanged)/);
    assert.equal(output('Lose one, and replace it', 1).match(/\| started \|/g)?.length, 3);
    assert.match(output('Lose one, and replace it', 2), /They agree up to revision \d+\./);
  });

  test('three members are made from a snapshot, of three or of one', () => {
    assert.match(output('Restore three members'), /configmaps\/default\/greeting\n/);
    assert.doesNotMatch(output('Restore three members'), /while-one-is-gone/);
    assert.match(output('From one to three'), /hello\n$/);
  });
});
