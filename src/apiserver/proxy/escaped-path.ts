import { posix } from 'node:path';

/** A decoded path as Go writes it (`net/url`, `EscapedPath`): more is escaped than JavaScript does. */
export function escapedPath(path: string): string {
  return encodeURI(path).replace(/[!'()*#?]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The same, clean, as of a backend: it cannot lead above its root, and no slash is doubled (`util/net/http.go`, `JoinPreservingTrailingSlash`). */
export function backendPath(path: string): string {
  return escapedPath(posix.normalize(`/${path}`));
}
