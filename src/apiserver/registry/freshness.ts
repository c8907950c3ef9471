import { badRequest, generic } from '#machinery';
import type { Parts } from './parts.ts';

const maxWaitMs = 3_000;

/** A resourceVersion of a request as a number; undefined when none was given. Throws BadRequest. */
export function parseRevision(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const revision = /^[0-9]+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(revision)) {
    throw badRequest(`resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
  }
  return revision;
}

/** Waits until the cache has everything that was acknowledged before the call. */
export async function waitUntilNewest({ store, cache, prefix, clock }: Freshness, signal: AbortSignal): Promise<void> {
  const { header } = await store.range({ key: Buffer.from(prefix), keysOnly: true });
  await waitForRevision({ store, cache, prefix, clock }, header.revision, signal);
}

/** Waits until the cache has `revision`. Throws Timeout when that does not come to pass (`storage.NewTooLargeResourceVersionError`). */
export async function waitForRevision(
  { cache, clock }: Freshness,
  revision: number,
  signal: AbortSignal,
): Promise<void> {
  await cache.ready;
  if (cache.revision >= revision) return;
  const late = new AbortController();
  const timer = clock.timer(maxWaitMs, () => late.abort());
  try {
    if (await cache.reached(revision, AbortSignal.any([signal, late.signal]))) return;
  } finally {
    timer.cancel();
  }
  signal.throwIfAborted();
  throw tooLargeRevision(revision, cache.revision);
}

/** 504: nobody has written that revision yet. */
export function tooLargeRevision(revision: number, current: number): Error {
  return generic({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${revision}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}

type Freshness = Pick<Parts, 'store' | 'cache' | 'prefix' | 'clock'>;
