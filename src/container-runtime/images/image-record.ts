import { parseReference, formatReference } from './reference.ts';
import type { LayerId } from './layer-store.ts';
import type { ImageConfig } from './manifest.ts';

/** An image that is here, ready to run: names, configuration and unpacked layers. One file on disk. */
export interface ImageRecord {
  /** The digest of the configuration, which is what CRI calls the ID of an image. */
  id: string;
  /** `docker.io/library/busybox:latest`. */
  names: string[];
  /** `docker.io/library/busybox@sha256:...`, by which registries know the image. */
  digests: string[];
  /** The digest of the manifest. */
  manifest: string;
  /** Bottom first. */
  layers: LayerId[];
  /** Unpacked. */
  bytes: number;
  config: ImageConfig;
  /** Whether the machine, and not only this node, holds the image; nobody then removes it to make room. */
  pinned?: boolean;
}

/** The record that a name, a digest or an ID (also its beginning) stands for. */
export function findImage(records: readonly ImageRecord[], name: string): ImageRecord | undefined {
  const byId = records.find(({ id }) => id === name || id === `sha256:${name}`);
  if (byId) return byId;
  if (/^[0-9a-f]{12,63}$/.test(name)) {
    const matches = records.filter(({ id }) => id.startsWith(`sha256:${name}`));
    if (matches.length === 1) return matches[0];
  }
  const full = normalized(name);
  return records.find(({ names, digests }) => names.includes(full) || digests.includes(full));
}

/** A name in full: `busybox` is `docker.io/library/busybox:latest`. */
export function normalized(name: string): string {
  try {
    return formatReference(parseReference(name));
  } catch {
    return name; // no name: then nothing bears it
  }
}
