/** The name of an image in full: `docker.io/library/busybox:1.36@sha256:...`. */
export interface Reference {
  /** The registry: `docker.io`, `localhost:5000`. */
  readonly domain: string;
  /** The repository in it: `library/busybox`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const pathPattern = new RegExp(`^${component}(?:/${component})*$`);
const domainPattern =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;
const tagPattern = /^[\w][\w.-]{0,127}$/;
const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/**
 * Reads the name of an image as Docker and containerd do: without a registry it is Docker Hub, without a tag or digest
 * it is `latest`. Throws an `Error` ("invalid reference format") for what is no name.
 */
export function parseReference(text: string): Reference {
  const [beforeDigest = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) throw invalid(text);
  const { name, tag } = splitTag(beforeDigest);
  const { domain, path } = splitDomain(name);
  if (!domainPattern.test(domain) || !pathPattern.test(path) || path.length > 255) throw invalid(text);
  if (tag !== undefined && !tagPattern.test(tag)) throw invalid(text);
  const effectiveTag = tag ?? (digest === undefined ? 'latest' : undefined);
  return { domain, path, ...(effectiveTag && { tag: effectiveTag }), ...(digest && { digest }) };
}

function invalid(text: string): Error {
  return new Error(`failed to parse reference "${text}": invalid reference format`);
}

/** A colon after the last slash begins a tag; one before it belongs to a port. */
function splitTag(text: string): { name: string; tag?: string } {
  const colon = text.lastIndexOf(':');
  if (colon <= text.lastIndexOf('/')) return { name: text };
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** What stands before the first slash is a registry only when it looks like a host. */
function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || /[A-Z]/.test(first);
  if (slash < 0 || !isHost) return { domain: 'docker.io', path: slash < 0 ? `library/${name}` : name };
  if (first !== 'docker.io' && first !== 'index.docker.io') return { domain: first, path: name.slice(slash + 1) };
  const path = name.slice(slash + 1);
  return { domain: 'docker.io', path: path.includes('/') ? path : `library/${path}` };
}

/** `docker.io/library/busybox`. */
export function repositoryOf(reference: Reference): string {
  return `${reference.domain}/${reference.path}`;
}

/** The name in full; where both are given the digest alone decides, and the tag is left out. */
export function formatReference(reference: Reference): string {
  if (reference.digest) return `${repositoryOf(reference)}@${reference.digest}`;
  return `${repositoryOf(reference)}:${reference.tag ?? 'latest'}`;
}

/** Whether the text can be the ID of an image, whole or its beginning, rather than a name. */
export function isImageId(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text) || /^[0-9a-f]{64}$/.test(text);
}
