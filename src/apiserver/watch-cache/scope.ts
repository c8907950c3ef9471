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
