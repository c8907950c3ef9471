import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Container, Pod } from '#api';
import { containerMounts } from './container-mounts.ts';
import { setVolumeOwnership } from './fs-group.ts';
import { prepareHostPath } from './host-path.ts';

async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kubelet-volumes-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('a hostPath must be what its type says, or is made', async () => {
  await withDirectory(async (directory) => {
    const at = (name: string): string => join(directory, name);
    await writeFile(at('file'), '');
    await prepareHostPath(at('new/dir'), 'DirectoryOrCreate');
    assert.ok((await stat(at('new/dir'))).isDirectory());
    await prepareHostPath(at('made'), 'FileOrCreate');
    assert.ok((await stat(at('made'))).isFile());
    await prepareHostPath(at('nothing'), '');
    await prepareHostPath(at('file'), 'File');
    const refused: [string, string, string][] = [
      ['file', 'Directory', 'directory'],
      ['nothing', 'Directory', 'directory'],
      ['file', 'DirectoryOrCreate', 'directory'],
      ['new', 'File', 'file'],
      ['file', 'Socket', 'socket file'],
      ['file', 'CharDevice', 'character device'],
      ['file', 'BlockDevice', 'block device'],
    ];
    for (const [name, type, word] of refused) {
      await assert.rejects(prepareHostPath(at(name), type), {
        message: `hostPath type check failed: ${at(name)} is not a ${word}`,
      });
    }
  });
});

async function mountsOf(root: string, mount: object): ReturnType<typeof containerMounts> {
  const pod = {
    metadata: {},
    spec: { volumes: [{ name: 'v', emptyDir: {} }], containers: [] },
    status: {},
  } as unknown as Pod;
  const container = { name: 'c', volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] } as unknown as Container;
  return containerMounts(pod, container, { paths: new Map([['v', root]]), environment: new Map([['POD', 'web-0']]) });
}

test('sub paths are found, made, expanded, and kept inside the volume', async () => {
  await withDirectory(async (directory) => {
    const root = join(directory, 'v');
    await mkdir(root);
    await symlink('/etc', join(root, 'out'));
    assert.equal((await mountsOf(root, {}))[0]?.hostPath, root);
    assert.equal((await mountsOf(root, { subPath: 'a/b' }))[0]?.hostPath, join(root, 'a/b'));
    assert.equal((await mountsOf(root, { subPathExpr: '$(POD)/x' }))[0]?.hostPath, join(root, 'web-0/x'));
    assert.equal((await mountsOf(root, { readOnly: true }))[0]?.readonly, true);
    await assert.rejects(mountsOf(root, { subPathExpr: '$(NOPE)' }), /missing value for "NOPE"/);
    for (const subPath of ['out', 'out/made', 'out/passwd']) {
      await assert.rejects(mountsOf(root, { subPath }), /subPath/, subPath);
    }
    await assert.rejects(mountsOf(root, { subPath: '/abs' }), /must not be an absolute path/);
    await assert.rejects(mountsOf(root, { subPath: '../x' }), /must not contain/);
    await assert.rejects(stat('/etc/made'), { code: 'ENOENT' });
  });
});

test('a volume is given to its group', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('changing owners needs root');
  await withDirectory(async (directory) => {
    await mkdir(join(directory, 'sub'), { mode: 0o700 });
    await writeFile(join(directory, 'sub/file'), '', { mode: 0o600 });
    await setVolumeOwnership(directory, { group: 1234, readOnly: false, onlyOnMismatch: false });
    const told = async (name: string): Promise<[number, string]> => {
      const { gid, mode } = await stat(join(directory, name));
      return [gid, (mode & 0o7777).toString(8)];
    };
    assert.deepEqual(await told('sub'), [1234, '2770']);
    assert.deepEqual(await told('sub/file'), [1234, '660']);
  });
});
