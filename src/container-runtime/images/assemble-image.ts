import { chainIds, digestOf } from './digest.ts';
import { withHold } from './hold.ts';
import type { ImageRecord } from './image-record.ts';
import type { ImageStore } from './image-store.ts';
import { layerIdOf, type LayerId } from './layer-store.ts';
import type { Descriptor, ImageConfig, Manifest } from './manifest.ts';

/** An image whose manifest and configuration are here, wherever its layers still are. */
export interface Assembly {
  manifest: Manifest;
  /** The digest of the manifest. */
  manifestDigest: string;
  config: ImageConfig;
  names: string[];
  digests: string[];
  /** Brings the archive of a layer into the content store. */
  fetchLayer: (layer: Descriptor) => Promise<void>;
}

/** Layers under way at once, as containerd's default. */
const parallelLayers = 3;

/**
 * Unpacks what is missing of an image and gives it its names. Layers are fetched side by side and unpacked in order; an
 * archive is dropped once it is unpacked, so that the disk holds each file once.
 */
export async function assembleImage(store: ImageStore, assembly: Assembly): Promise<ImageRecord> {
  const { manifest, config } = assembly;
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length)
    throw new Error(
      `invalid image: ${manifest.layers.length} layers in the manifest, ${diffIds.length} in the configuration`,
    );
  const chain = chainIds(diffIds);
  const layers = chain.map(layerIdOf);
  const blobs = [assembly.manifestDigest, manifest.config.digest, ...manifest.layers.map(({ digest }) => digest)];
  return withHold(store.images, { blobs, layers }, async () => {
    // a collector that began before the hold was written may have taken a layer that seemed to be here: look again
    for (let attempt = 0; attempt < 3 && (attempt === 0 || !(await allHere(store, layers))); attempt++)
      await unpackAll(store, assembly, chain);
    const facts = await Promise.all(layers.map((layer) => store.layers.facts(layer)));
    return store.add({
      id: manifest.config.digest,
      names: assembly.names,
      digests: assembly.digests,
      manifest: assembly.manifestDigest,
      layers,
      bytes: facts.reduce((sum, { bytes }) => sum + bytes, 0),
      config,
    });
  });
}

async function allHere(store: ImageStore, layers: readonly LayerId[]): Promise<boolean> {
  const here = await Promise.all(layers.map((layer) => store.layers.has(layer)));
  return !here.includes(false);
}

async function unpackAll(
  store: ImageStore,
  { manifest, config, fetchLayer }: Assembly,
  chain: string[],
): Promise<void> {
  const layers = chain.map(layerIdOf);
  const places = new Semaphore(parallelLayers);
  const fetches = manifest.layers.map(async (descriptor, index) => {
    if (await store.layers.has(layers[index] ?? '')) return;
    await places.run(() => fetchLayer(descriptor));
  });
  const settled = Promise.allSettled(fetches); // one that fails leaves no other without a listener
  try {
    for (const [index, descriptor] of manifest.layers.entries()) {
      await fetches[index];
      const layer = {
        chainId: chain[index] ?? '',
        diffId: config.rootfs.diff_ids[index] ?? '',
        below: layers.slice(0, index),
      };
      await store.layers.unpack(layer, store.content.path(descriptor.digest));
    }
  } finally {
    await settled;
    for (const { digest } of manifest.layers) await store.content.remove(digest);
  }
}

/** Reads a document of the content store and makes sure that it is what its digest says. */
export async function readDocument(store: ImageStore, digest: string): Promise<unknown> {
  const bytes = await store.content.read(digest);
  if (digest.startsWith('sha256:') && digestOf(bytes) !== digest) throw new Error(`content ${digest} is damaged`);
  return JSON.parse(bytes.toString()) as unknown;
}

/** At most so many at once. */
class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  async run(work: () => Promise<void>): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
