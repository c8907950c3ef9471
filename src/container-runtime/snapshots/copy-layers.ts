import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execute } from '#base';
import { hasAttribute } from '../native/libc.ts';

/** Puts layers (bottom first, in the form of overlayfs) together by copying them one over the other. */
export async function copyLayers(layers: readonly string[], target: string): Promise<void> {
  for (const layer of layers) {
    await clearHidden(layer, target);
    // what stands for a deletion is copied too, as a device; it is taken away in the end
    await execute(['cp', '--archive', '--force', '--reflink=auto', `${layer}/.`, target]);
    await clearWhiteouts(layer, target);
  }
}

/** Removes from the target what the layer deletes, or has as something that is not a folder in both. */
async function clearHidden(layer: string, target: string): Promise<void> {
  for (const entry of await readdir(layer, { withFileTypes: true })) {
    const [from, to] = [join(layer, entry.name), join(target, entry.name)];
    const existing = await lstat(to).catch(() => undefined);
    if (!existing) continue;
    const isJoined = entry.isDirectory() && existing.isDirectory() && !hasAttribute(from, 'trusted.overlay.opaque');
    if (isJoined) await clearHidden(from, to);
    else await rm(to, { recursive: true, force: true });
  }
}

async function clearWhiteouts(layer: string, target: string): Promise<void> {
  for (const entry of await readdir(layer, { withFileTypes: true })) {
    const [from, to] = [join(layer, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await clearWhiteouts(from, to);
    else if (entry.isCharacterDevice() && (await lstat(from)).rdev === 0) await rm(to, { force: true });
  }
}
