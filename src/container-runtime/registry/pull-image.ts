import { hasCode, messageOf } from '#base';
import { CriError, isCriError, type AuthConfig, type PullImageRequest } from '#cri';
import type { Context } from '../context.ts';
import { assembleImage, readDocument } from '../images/assemble-image.ts';
import type { ContentStore } from '../images/content-store.ts';
import { withHold } from '../images/hold.ts';
import {
  choosePlatform,
  isIndex,
  isManifest,
  type Descriptor,
  type ImageConfig,
  type Manifest,
} from '../images/manifest.ts';
import { formatReference, parseReference, repositoryOf, type Reference } from '../images/reference.ts';
import { Connector } from './connector.ts';
import type { RegistryOptions } from './options.ts';
import { RegistryError, Repository } from './repository.ts';

/** Pulls an image; returns its ID. Pulls of one name go one after the other: the second finds what the first brought. */
export async function pullImage(context: Context, request: PullImageRequest, signal?: AbortSignal): Promise<string> {
  const name = request.image?.image ?? '';
  const reference = readReference(name);
  const full = formatReference(reference);
  if (reference.domain === 'kedge.local') return ownImage(context, full);
  return context.locks.run(`pull/${full}`, async () => {
    const connector = new Connector(context.options.registry);
    try {
      return await new Pull(context, reference, { connector, auth: request.auth, signal }).run();
    } catch (error) {
      throw pullError(full, error);
    } finally {
      connector.close();
    }
  });
}

function readReference(name: string): Reference {
  try {
    return parseReference(name);
  } catch (error) {
    throw new CriError('InvalidArgument', messageOf(error), { cause: error });
  }
}

/** Images of this machine come from no registry. */
async function ownImage(context: Context, full: string): Promise<string> {
  const image = await context.images.find(full);
  if (!image)
    throw new CriError(
      'NotFound',
      `failed to pull image "${full}": images of kedge.local are made on the machine, and there is none of that name`,
    );
  return image.id;
}

interface PullTools {
  connector: Connector;
  auth: AuthConfig | undefined;
  signal: AbortSignal | undefined;
}

/** How often a long pull says how far it is. */
const progressMs = 5_000;

/** One pull, from name to unpacked layers. */
class Pull {
  readonly #context: Context;
  readonly #reference: Reference;
  readonly #name: string;
  readonly #tools: PullTools;
  readonly #content: ContentStore;
  #bytes = 0;

  constructor(context: Context, reference: Reference, tools: PullTools) {
    this.#context = context;
    this.#reference = reference;
    this.#name = formatReference(reference);
    this.#tools = tools;
    this.#content = context.images.content;
  }

  async run(): Promise<string> {
    const { clock, log, images } = this.#context;
    const startedMs = clock.now();
    const { repository, root } = await this.#resolve();
    const manifest = await this.#manifest(repository, root.bytes, root.digest);
    const stopReporting = this.#reportProgress(manifest.manifest);
    try {
      const { digest, size } = manifest.manifest.config;
      const record = await withHold(images.images, { blobs: [manifest.digest, digest], layers: [] }, async () => {
        await this.#content.write(manifest.digest, [manifest.bytes]);
        if (!(await this.#content.has(digest))) await this.#fetch(repository, { digest, size, mediaType: '' });
        return assembleImage(images, {
          manifest: manifest.manifest,
          manifestDigest: manifest.digest,
          config: (await readDocument(images, digest)) as ImageConfig,
          names: this.#reference.digest ? [] : [this.#name],
          digests: [`${repositoryOf(this.#reference)}@${root.digest}`],
          fetchLayer: (layer) => this.#fetch(repository, layer),
        });
      });
      log.info({ image: this.#name, bytes: this.#bytes, ms: clock.now() - startedMs }, 'image pulled');
      return record.id;
    } finally {
      stopReporting();
    }
  }

  /** Asks the mirrors in turn, then the registry itself. */
  async #resolve(): Promise<{ repository: Repository; root: { digest: string; bytes: Buffer } }> {
    const { connector, auth, signal } = this.#tools;
    const bases = basesOf(this.#reference, this.#context.options.registry);
    let failure: unknown;
    for (const base of bases) {
      const repository = new Repository({
        base,
        reference: this.#reference,
        connector,
        auth,
        signal,
        clock: this.#context.clock,
      });
      try {
        return {
          repository,
          root: await repository.manifest(this.#reference.digest ?? this.#reference.tag ?? 'latest'),
        };
      } catch (error) {
        failure = error;
      }
    }
    throw resolveError(this.#name, failure);
  }

  async #manifest(
    repository: Repository,
    bytes: Buffer,
    digest: string,
  ): Promise<{ manifest: Manifest; digest: string; bytes: Buffer }> {
    const document: unknown = JSON.parse(bytes.toString());
    if (isIndex(document)) {
      const chosen = await repository.manifest(choosePlatform(document).digest);
      return this.#manifest(repository, chosen.bytes, chosen.digest);
    }
    if (!isManifest(document)) throw new Error('unsupported manifest: neither an OCI image nor Docker schema 2');
    return { manifest: document, digest, bytes };
  }

  async #fetch(repository: Repository, blob: Descriptor): Promise<void> {
    const ingest = await this.#content.begin(blob.digest);
    try {
      await repository.download(blob, ingest, (bytes) => (this.#bytes += bytes));
      await ingest.commit();
      this.#context.log.debug({ image: this.#name, blob: blob.digest, bytes: blob.size }, 'blob downloaded');
    } finally {
      await ingest.abort();
    }
  }

  #reportProgress({ layers }: Manifest): () => void {
    const { clock, log } = this.#context;
    const total = layers.reduce((sum, { size }) => sum + size, 0);
    log.info({ image: this.#name, layers: layers.length, bytes: total }, 'pulling');
    const again = (): void => {
      log.info({ image: this.#name, bytes: this.#bytes, of: total }, 'pulling');
      timer = clock.timer(progressMs, again);
    };
    let timer = clock.timer(progressMs, again);
    return () => timer.cancel();
  }
}

/** Where a repository can be asked for. Loopback registries speak plain HTTP, as containerd has it. */
function basesOf(reference: Reference, options: RegistryOptions = {}): URL[] {
  const { domain } = reference;
  const isPlain = isLoopback(domain) || (options.insecure ?? []).includes(domain);
  const own = domain === 'docker.io' ? 'https://registry-1.docker.io' : `${isPlain ? 'http' : 'https'}://${domain}`;
  return [...(options.mirrors?.[domain] ?? []), own].map((base) => new URL(base));
}

function isLoopback(domain: string): boolean {
  const host = domain.replace(/:\d+$/, '');
  return host === 'localhost' || /^127\.\d+\.\d+\.\d+$/.test(host) || host === '[::1]';
}

function resolveError(name: string, cause: unknown): Error {
  const begin = `failed to resolve reference "${name}"`;
  if (cause instanceof RegistryError && cause.status === 404)
    return new CriError('NotFound', `${begin}: ${name}: not found`, { cause });
  return new Error(`${begin}: ${messageOf(cause)}`, { cause });
}

function pullError(name: string, error: unknown): CriError {
  const code = isCriError(error) ? error.code : 'Unknown';
  const reason = hasCode(error, 'ENOSPC')
    ? `failed to copy: ${messageOf(error)}: no space left on device`
    : messageOf(error);
  return new CriError(code, `failed to pull and unpack image "${name}": ${reason}`, { cause: error });
}
