import type * as x509 from '@peculiar/x509';

/**
 * `@peculiar/x509` takes 90 ms to load, which is worth saving when nothing is signed: a process that restarts with its
 * certificates on disk only parses, and that `node:crypto` does.
 */
export type Library = typeof x509;

let loading: Promise<Library> | undefined;

export function library(): Promise<Library> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Library> {
  // The library's dependency injection needs this polyfill to be there first.
  await import('reflect-metadata');
  return (await import('./peculiar.ts')).x509;
}
