import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextIfExists, writeFileAtomic, type Clock, type Logger } from '#base';
import { chainIds, digestOf } from '../images/digest.ts';
import { withHold } from '../images/hold.ts';
import { ImageStore } from '../images/image-store.ts';
import { layerIdOf } from '../images/layer-store.ts';
import { imageArchitecture, type ImageConfig, type Manifest } from '../images/manifest.ts';
import type { FileTree } from './file-tree.ts';
import { nodeTree } from './node-tree.ts';
import { toolboxTree } from './toolbox-tree.ts';

export interface OwnImagesOptions {
  /** The folder of the machine's images. */
  images: string;
  /** The Node.js that runs Kedge. */
  nodeBinary: string;
  clock: Clock;
  log: Logger;
}

export const nodeImage = 'kedge.local/node:latest';
export const toolboxImage = 'kedge.local/toolbox:latest';

interface Layer {
  tree: FileTree;
  diffId: string;
  bytes: number;
}

/**
 * Makes the images that need no network, unless they are here already: `kedge.local/node` of the machine's own Node.js,
 * and `kedge.local/toolbox` on top of it. The same files give the same digests. Every node of the machine sees them.
 */
export async function buildOwnImages(options: OwnImagesOptions): Promise<void> {
  const { clock, log } = options;
  const startedMs = clock.now();
  const store = new ImageStore({ directory: options.images, log });
  const trees = [await nodeTree(options.nodeBinary), await toolboxTree()];
  const key = await keyOf(trees);
  const keyFile = join(options.images, 'own-images.key');
  if ((await readTextIfExists(keyFile)) === key && (await areHere(store))) return;
  const layers = await Promise.all(trees.map((tree) => measure(tree)));
  const path = 'PATH=/usr/local/bin:/usr/bin:/bin';
  const home = {
    Env: [path, 'HOME=/root', 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt', 'NODE_USE_SYSTEM_CA=1'],
  };
  await addImage(store, nodeImage, layers.slice(0, 1), { ...home, Cmd: ['node'] });
  await addImage(store, toolboxImage, layers, { ...home, Cmd: ['serve'], WorkingDir: '/' });
  await writeFileAtomic(keyFile, key);
  await store.collect();
  log.info({ images: [nodeImage, toolboxImage], ms: clock.now() - startedMs }, 'images of this machine made');
}

async function areHere(store: ImageStore): Promise<boolean> {
  const images = await Promise.all([nodeImage, toolboxImage].map((name) => store.find(name)));
  const layers = images.flatMap((image) => image?.layers ?? []);
  const here = await Promise.all(layers.map((layer) => store.layers.has(layer)));
  return !images.includes(undefined) && !here.includes(false);
}

/** What the images are made of, told by names, sizes and times: quick, where reading everything is not. */
async function keyOf(trees: readonly FileTree[]): Promise<string> {
  const hash = createHash('sha256').update('1');
  for (const tree of trees) {
    hash.update(tree.outline);
    for (const source of tree.sources) {
      const { size, mtimeMs } = await stat(source);
      hash.update(`${source} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

async function measure(tree: FileTree): Promise<Layer> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of tree.archive()) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { tree, diffId: `sha256:${hash.digest('hex')}`, bytes };
}

async function addImage(
  store: ImageStore,
  name: string,
  layers: readonly Layer[],
  config: ImageConfig['config'],
): Promise<void> {
  const diffIds = layers.map(({ diffId }) => diffId);
  const image: ImageConfig = {
    architecture: imageArchitecture(),
    os: 'linux',
    config: config ?? {},
    rootfs: { type: 'layers', diff_ids: diffIds },
  };
  const configText = JSON.stringify(image);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(configText),
      size: configText.length,
    },
    layers: layers.map(({ diffId, bytes }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest: diffId,
      size: bytes,
    })),
  };
  const manifestText = JSON.stringify(manifest);
  const id = digestOf(configText);
  const chain = chainIds(diffIds);
  const ids = chain.map(layerIdOf);
  await withHold(store.images, { blobs: [id, digestOf(manifestText)], layers: ids }, async () => {
    await store.content.write(id, [Buffer.from(configText)]);
    await store.content.write(digestOf(manifestText), [Buffer.from(manifestText)]);
    for (const [index, { tree }] of layers.entries())
      await store.layers.make(chain[index] ?? '', ids.slice(0, index), (root) => tree.place(root));
    const facts = await Promise.all(ids.map((layer) => store.layers.facts(layer)));
    const bytes = facts.reduce((sum, fact) => sum + fact.bytes, 0);
    await store.add({
      id,
      names: [name],
      digests: [],
      manifest: digestOf(manifestText),
      layers: ids,
      bytes,
      config: image,
    });
  });
}
