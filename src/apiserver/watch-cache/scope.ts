/** Which keys a list or a watch looks at: all, those of a namespace, or a single one. */
export type Scope = { readonly prefix: string } | { readonly key: string };

export function inScope(scope: Scope, key: string): boolean {
  return 'key' in scope ? key === scope.key : key.startsWith(scope.prefix);
}

/** The key behind all keys with a prefix, for half-open ranges. */
export function prefixEnd(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}

/** The scopes that a key lies in: everything, its namespace, itself. */
export function* scopesOf(key: string): Generator<string> {
  yield '';
  const slash = key.indexOf('/');
  if (slash >= 0) yield key.slice(0, slash + 1);
  yield `=${key}`;
}

export function scopeId(scope: Scope): string {
  return 'key' in scope ? `=${scope.key}` : scope.prefix;
}
