import type { Readable } from 'node:stream';
import { silentLogger } from '#base';
import { buildOwnImages, ImageStore } from '#container-runtime';
import type { Machine } from './machine.ts';
import { imagesFolder, type ClusterPaths } from './paths.ts';

/** An image as people see it. */
export interface ImageSummary {
  name: string;
  /** The digest of its configuration. */
  id: string;
  bytes: number;
}

/** Sees to it that the images that need no network are there. Quick when they are. */
export async function prepareImages(machine: Machine, paths: ClusterPaths): Promise<void> {
  const { clock } = machine;
  await buildOwnImages({ images: paths.images, nodeBinary: machine.program[0], clock, log: silentLogger });
}

/** Takes the images of an archive into the store of the machine; returns their names. */
export function loadImages(machine: Machine, archive: Readable): Promise<string[]> {
  return storeOf(machine).loadArchive(archive);
}

/** All images of the machine, by name. */
export async function listImages(machine: Machine): Promise<ImageSummary[]> {
  const images = await storeOf(machine).list();
  return images.flatMap(({ names, id, bytes }) => names.map((name) => ({ name, id, bytes })));
}

/** Takes a name from an image, and the image away with its last name; throws when there is none of that name. */
export async function removeImage(machine: Machine, name: string): Promise<void> {
  if (!(await storeOf(machine).untag(name)))
    throw new Error(`there is no image "${name}": "kedge image list" shows those that are`);
}

function storeOf(machine: Machine): ImageStore {
  return new ImageStore({ directory: imagesFolder(machine.home), log: silentLogger });
}
