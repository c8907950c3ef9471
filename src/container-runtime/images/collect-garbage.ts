import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '#base';
import { startTicks } from '../processes.ts';
import { readHolds, readRoots, type Held } from './hold.ts';
import type { ImageRecord } from './image-record.ts';
import type { ImageStore } from './image-store.ts';

/**
 * Removes the blobs and layers that nothing holds: no image of the machine or of any node, no container, no work under
 * way. Candidates are listed before what is held is read: content that appears in between is not a candidate.
 */
export async function collectGarbage(store: Pick<ImageStore, 'images' | 'content' | 'layers' | 'log'>): Promise<void> {
  const blobs = await store.content.list();
  const layers = await store.layers.list();
  const held = await readHeld(store.images);
  const heldBlobs = new Set(held.flatMap((hold) => hold.blobs));
  const heldLayers = new Set(held.flatMap((hold) => hold.layers));
  for (const blob of blobs) if (!heldBlobs.has(blob)) await store.content.remove(blob);
  for (const layer of layers)
    if (!heldLayers.has(layer)) {
      store.log.debug({ layer }, 'layer removed');
      await store.layers.remove(layer);
    }
  await clearIngest(join(store.images, 'ingest'));
}

async function readHeld(images: string): Promise<Held[]> {
  const folders = [join(images, 'references'), ...(await readRoots(images))];
  const records = await Promise.all(folders.map((folder) => readAll(folder, (image) => heldBy(image as ImageRecord))));
  const containers = await Promise.all(folders.map((folder) => readAll(join(folder, 'holds'), (hold) => hold as Held)));
  return [...records.flat(), ...containers.flat(), ...(await readHolds(images))];
}

function heldBy(image: ImageRecord): Held {
  return { blobs: [image.manifest, image.id], layers: image.layers };
}

/** All JSON files of a folder; one that is torn holds nothing, one that goes meanwhile neither. */
async function readAll(folder: string, held: (value: unknown) => Held): Promise<Held[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json'));
  const all = await Promise.all(
    files.map(async (name) => {
      try {
        return [held(JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown)];
      } catch (error) {
        if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return [];
        throw error;
      }
    }),
  );
  return all.flat();
}

/** What a process left that died while it wrote; the process's number stands in the name. */
async function clearIngest(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(/(\d+)-\d+$/.exec(name)?.[1]);
    if ((await startTicks(pid)) === undefined) await rm(join(folder, name), { recursive: true, force: true });
  }
}
