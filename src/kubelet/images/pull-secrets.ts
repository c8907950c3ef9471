import type { Secret } from '#api';
import { AuthConfig } from '#cri';
import { repositoryOf } from './image-name.ts';

interface DockerEntry {
  username?: string;
  password?: string;
  auth?: string;
  identitytoken?: string;
  registrytoken?: string;
}

/** The credentials in a pod's pull secrets that fit an image, the most specific first (`pkg/credentialprovider/keyring.go`). */
export function credentialsFor(image: string, secrets: readonly Secret[]): AuthConfig[] {
  const repository = normalize(repositoryOf(image));
  return secrets
    .flatMap(entriesOf)
    .map(([registry, entry]) => ({ key: normalize(registry), entry }))
    .filter(({ key }) => fits(key, repository))
    .sort((a, b) => b.key.length - a.key.length)
    .map(({ entry }) => toAuth(entry));
}

function entriesOf(secret: Secret): [string, DockerEntry][] {
  const json = secret.data?.['.dockerconfigjson'];
  const old = secret.data?.['.dockercfg'];
  try {
    if (secret.type === 'kubernetes.io/dockerconfigjson' && json) {
      const parsed = JSON.parse(Buffer.from(json, 'base64').toString()) as { auths?: Record<string, DockerEntry> };
      return Object.entries(parsed.auths ?? {});
    }
    if (secret.type === 'kubernetes.io/dockercfg' && old) {
      return Object.entries(JSON.parse(Buffer.from(old, 'base64').toString()) as Record<string, DockerEntry>);
    }
  } catch {
    return []; // a secret that is no JSON gives no credentials; the pull then says what the registry says
  }
  return [];
}

/** `https://index.docker.io/v1/` and its kin name Docker Hub. */
function normalize(registry: string): string {
  const bare = registry.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');
  return bare.replace(/^(?:index\.docker\.io|registry-1\.docker\.io|docker\.io)/, 'docker.io');
}

function fits(key: string, repository: string): boolean {
  const [keyHost = '', ...keyPath] = key.split('/');
  const [host = '', ...path] = repository.split('/');
  const hostFits =
    keyHost.split('.').length === host.split('.').length &&
    keyHost
      .split('.')
      .every((part, index) => new RegExp(`^${globToPattern(part)}$`).test(host.split('.')[index] ?? ''));
  return hostFits && path.join('/').startsWith(keyPath.join('/'));
}

function globToPattern(glob: string): string {
  return glob
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
}

function toAuth(entry: DockerEntry): AuthConfig {
  const decoded = entry.auth ? Buffer.from(entry.auth, 'base64').toString() : '';
  const colon = decoded.indexOf(':');
  return AuthConfig.of({
    username: entry.username ?? (colon >= 0 ? decoded.slice(0, colon) : ''),
    password: entry.password ?? (colon >= 0 ? decoded.slice(colon + 1) : ''),
    identityToken: entry.identitytoken ?? '',
    registryToken: entry.registrytoken ?? '',
  });
}
