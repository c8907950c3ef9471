import { buffer } from 'node:stream/consumers';
import { busyboxFiles, dockerArchive, tarOf } from '../../src/container-runtime/testing/test-image.ts';
import { busybox } from './manifests.ts';

/** An archive, as `docker save` writes it, of the small Linux that tests run. */
export async function busyboxArchive(name = busybox): Promise<Buffer> {
  return buffer(await dockerArchive(name, [await tarOf(await busyboxFiles())]));
}
