import { compareText } from '#base';

/** The JSON documents of an image, as far as they are read (OCI image spec; Docker image manifest v2, schema 2). */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: Platform;
  annotations?: Record<string, string>;
  urls?: string[];
}

export interface Platform {
  architecture: string;
  os: string;
  variant?: string;
}

export interface Manifest {
  schemaVersion: number;
  mediaType?: string;
  config: Descriptor;
  layers: Descriptor[];
}

export interface Index {
  schemaVersion: number;
  mediaType?: string;
  manifests: Descriptor[];
}

/** How containers of the image start, and what its layers are. */
export interface ImageConfig {
  architecture?: string;
  os?: string;
  created?: string;
  config?: {
    User?: string;
    Env?: string[] | null;
    Entrypoint?: string[] | null;
    Cmd?: string[] | null;
    WorkingDir?: string;
    StopSignal?: string;
    Labels?: Record<string, string> | null;
    Volumes?: Record<string, unknown> | null;
    ExposedPorts?: Record<string, unknown> | null;
  };
  rootfs: { type: string; diff_ids: string[] };
  history?: unknown[];
}

export const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

export const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

const architectures: Partial<Record<string, string>> = { x64: 'amd64', ia32: '386', arm64: 'arm64', arm: 'arm' };

/** The architecture by the name that images use; `nodeArchitecture` as `process.arch` says it. */
export function imageArchitecture(nodeArchitecture: string = process.arch): string {
  return architectures[nodeArchitecture] ?? nodeArchitecture;
}

export function isIndex(document: unknown): document is Index {
  return (
    typeof document === 'object' && document !== null && 'manifests' in document && Array.isArray(document.manifests)
  );
}

export function isManifest(document: unknown): document is Manifest {
  return (
    typeof document === 'object' &&
    document !== null &&
    'config' in document &&
    'layers' in document &&
    Array.isArray(document.layers)
  );
}

/** The image for this machine; throws "no match for platform in manifest" when there is none. */
export function choosePlatform(index: Index, architecture = imageArchitecture()): Descriptor {
  const fitting = index.manifests.filter(
    ({ platform }) => !platform || (platform.os === 'linux' && platform.architecture === architecture),
  );
  // an entry that names the platform is better than one that names none; among arm variants the highest comes last
  const chosen =
    fitting
      .filter(({ platform }) => platform)
      .sort(byVariant)
      .at(-1) ?? fitting[0];
  if (!chosen) throw new Error(`no match for platform in manifest: linux/${architecture}`);
  return chosen;
}

function byVariant(a: Descriptor, b: Descriptor): number {
  return compareText(a.platform?.variant ?? '', b.platform?.variant ?? '');
}
