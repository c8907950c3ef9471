import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack, type Header } from 'tar-stream';
import type { ImageConfig } from '../images/manifest.ts';

// Images made by the tests themselves, from Debian's static busybox.

export interface TestFile extends Partial<Omit<Header, 'name'>> {
  name: string;
  content?: string | Uint8Array;
}

/** A tar archive of some entries, always the same bytes for the same entries. */
export async function tarOf(files: readonly TestFile[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of files)
    archive.entry(
      { mtime: new Date(0), ...header },
      typeof content === 'string' ? Buffer.from(content) : (content ?? Buffer.alloc(0)),
    );
  archive.finalize();
  return buffer(archive);
}

export function sha256(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

const applets =
  'sh cat echo sleep true false id ls env hostname wget nc httpd tar printf mkdir rm mount ps kill touch stat stty tty yes head nslookup ip dd date chmod grep seq test'.split(
    ' ',
  );

/** The files of a small Linux with busybox. */
export async function busyboxFiles(): Promise<TestFile[]> {
  return [
    { name: 'bin/', type: 'directory', mode: 0o755 },
    { name: 'bin/busybox', mode: 0o755, content: await readFile('/usr/bin/busybox') },
    ...applets.map((name): TestFile => ({ name: `bin/${name}`, type: 'symlink', linkname: 'busybox' })),
    { name: 'tmp/', type: 'directory', mode: 0o1777 },
    { name: 'etc/', type: 'directory', mode: 0o755 },
    { name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n' },
    { name: 'etc/group', content: 'root:x:0:\napp:x:1001:\nextra:x:1002:app\n' },
  ];
}

export function configOf(layers: readonly Uint8Array[], config: ImageConfig['config'] = {}): ImageConfig {
  return {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Env: ['PATH=/bin'], ...config },
    rootfs: { type: 'layers', diff_ids: layers.map(sha256) },
  };
}

/** What `docker save` writes. */
export async function dockerArchive(
  tag: string,
  layers: readonly Uint8Array[],
  config: ImageConfig['config'] = {},
): Promise<Readable> {
  const configText = JSON.stringify(configOf(layers, config));
  const names = layers.map((_, index) => `layer${index}/layer.tar`);
  const manifest = [{ Config: 'config.json', RepoTags: [tag], Layers: names }];
  const archive = await tarOf([
    { name: 'config.json', content: configText },
    ...layers.map((content, index): TestFile => ({ name: names[index] ?? '', content })),
    { name: 'manifest.json', content: JSON.stringify(manifest) },
  ]);
  return Readable.from([archive]);
}
