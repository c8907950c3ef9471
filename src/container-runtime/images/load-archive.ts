import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { assembleImage, readDocument } from './assemble-image.ts';
import { digestOf } from './digest.ts';
import type { ImageStore } from './image-store.ts';
import { choosePlatform, isIndex, isManifest, type Descriptor, type ImageConfig, type Manifest } from './manifest.ts';
import { formatReference, parseReference } from './reference.ts';
import { tarEntries, type TarEntry } from './tar.ts';

let archiveNumber = 0;

/** The files of an archive, put down on disk: their order in it says nothing about the order they are needed in. */
class ArchiveFiles {
  readonly folder: string;
  readonly #files = new Map<string, { path: string; digest: string; size: number }>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Names are only looked up, never made into paths. */
  async add(entry: TarEntry): Promise<void> {
    const path = join(this.folder, String(this.#files.size));
    const hash = createHash('sha256');
    let size = 0;
    const tap = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of entry.content) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    await pipeline(tap, createWriteStream(path));
    this.#files.set(cleanName(entry.header.name), { path, digest: `sha256:${hash.digest('hex')}`, size });
  }

  /** A second name of a file, as docker writes a layer that several images share. */
  link(name: string, target: string): void {
    const file = this.#files.get(cleanName(target));
    if (file) this.#files.set(cleanName(name), file);
  }

  async json(name: string): Promise<unknown> {
    const file = this.#files.get(name);
    return file && (JSON.parse(await readFile(file.path, 'utf8')) as unknown);
  }

  get(name: string): { path: string; digest: string; size: number } {
    const file = this.#files.get(cleanName(name));
    if (!file) throw new Error(`the archive has no file ${name}`);
    return file;
  }
}

function cleanName(name: string): string {
  return name.replace(/^(?:\.\/)+/, '');
}

/**
 * Loads the images of an archive, plain, gzip or zstd: an OCI layout (`index.json`) or what `docker save` writes
 * (`manifest.json`). Returns their names; an image without one is returned by its ID. Throws when it is neither.
 */
export async function loadArchive(store: ImageStore, archive: Readable): Promise<string[]> {
  const folder = join(store.images, 'ingest', `archive-${process.pid}-${archiveNumber++}`);
  await mkdir(folder, { recursive: true });
  try {
    const files = new ArchiveFiles(folder);
    await readEntries(archive, files);
    const docker = await files.json('manifest.json');
    if (Array.isArray(docker)) return await loadDocker(store, files, docker as DockerEntry[]);
    const index = await files.json('index.json');
    if (isIndex(index)) return await loadOci(store, files, index.manifests);
    throw new Error('this is no image archive: it has neither manifest.json (docker save) nor index.json (OCI)');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readEntries(archive: Readable, files: ArchiveFiles): Promise<void> {
  for await (const entry of tarEntries(plain(archive))) {
    const { type, name, linkname } = entry.header;
    if (type === 'file') await files.add(entry);
    else if (type === 'link' || type === 'symlink') files.link(name, linkname);
  }
}

/** The archive without its compression. */
async function* plain(archive: Readable): AsyncGenerator<Buffer> {
  const chunks = archive[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  if (first.done) return;
  const all = async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  };
  const magic = first.value.subarray(0, 4).toString('hex');
  const decoder = magic.startsWith('1f8b') ? createGunzip() : magic === '28b52ffd' ? createZstdDecompress() : undefined;
  if (!decoder) return yield* all();
  const feeding = pipeline(all, decoder);
  feeding.catch(() => {}); // the decoder passes its error on
  yield* decoder as AsyncIterable<Buffer>;
}

/** One image of `docker save`: names of files in the archive. */
interface DockerEntry {
  Config: string;
  RepoTags?: string[] | null;
  Layers: string[];
}

async function loadDocker(store: ImageStore, files: ArchiveFiles, images: DockerEntry[]): Promise<string[]> {
  const names: string[] = [];
  for (const image of images) {
    const config = files.get(image.Config);
    const layers = image.Layers.map((name) => files.get(name));
    const manifest: Manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.size },
      layers: layers.map(({ digest, size }) => ({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size })),
    };
    const manifestText = JSON.stringify(manifest);
    const paths = new Map([config, ...layers].map(({ digest, path }) => [digest, path]));
    await store.content.write(config.digest, createReadStream(config.path));
    const manifestDigest = digestOf(manifestText);
    await store.content.write(manifestDigest, [Buffer.from(manifestText)]);
    const tags = (image.RepoTags ?? []).map((tag) => formatReference(parseReference(tag)));
    const record = await assembleImage(store, {
      manifest,
      manifestDigest,
      config: (await readDocument(store, config.digest)) as ImageConfig,
      names: tags,
      digests: [],
      fetchLayer: ({ digest }) => store.content.write(digest, createReadStream(paths.get(digest) ?? '')),
    });
    names.push(...(tags.length > 0 ? tags : [record.id]));
  }
  return names;
}

async function loadOci(store: ImageStore, files: ArchiveFiles, manifests: Descriptor[]): Promise<string[]> {
  const names: string[] = [];
  for (const descriptor of manifests) {
    const tags = tagsOf(descriptor);
    const { manifest, digest } = await resolve(files, descriptor);
    await copyBlob(store, files, digest);
    await copyBlob(store, files, manifest.config.digest);
    const record = await assembleImage(store, {
      manifest,
      manifestDigest: digest,
      config: (await readDocument(store, manifest.config.digest)) as ImageConfig,
      names: tags,
      digests: [],
      fetchLayer: (layer) => copyBlob(store, files, layer.digest),
    });
    names.push(...(tags.length > 0 ? tags : [record.id]));
  }
  return names;
}

/** Image tools put the whole name into one annotation, others only the tag; a tag alone names no image. */
function tagsOf(descriptor: Descriptor): string[] {
  const name =
    descriptor.annotations?.['io.containerd.image.name'] ??
    descriptor.annotations?.['org.opencontainers.image.ref.name'];
  return name && /[/:]/.test(name) ? [formatReference(parseReference(name))] : [];
}

async function resolve(files: ArchiveFiles, descriptor: Descriptor): Promise<{ manifest: Manifest; digest: string }> {
  const document = await files.json(blobName(descriptor.digest));
  if (isIndex(document)) return resolve(files, choosePlatform(document));
  if (!isManifest(document)) throw new Error(`the archive has no image manifest ${descriptor.digest}`);
  return { manifest: document, digest: descriptor.digest };
}

function copyBlob(store: ImageStore, files: ArchiveFiles, digest: string): Promise<void> {
  return store.content.write(digest, createReadStream(files.get(blobName(digest)).path));
}

function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
