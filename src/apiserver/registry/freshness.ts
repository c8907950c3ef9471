import { messageOf } from '#base';
import { badRequest, generic, tooManyRequests } from '#machinery';
import type { Parts } from './parts.ts';

const maxWaitMs = 3_000;

/** As `parseRevision`, for lists, which have a Status of their own for what is none. Throws BadRequest. */
export function parseListRevision(text: string | undefined): number | undefined {
  try {
    return parseRevision(text);
  } catch (error) {
    throw badRequest(`invalid resource version: ${messageOf(error)}`);
  }
}

/** A resourceVersion of a request as a number; undefined when none was given. Throws what upstream does, a Status without a reason. */
export function parseRevision(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const revision = /^[0-9]+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(revision)) {
    const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
    throw generic({ code: 500, reason: '', message });
  }
  return revision;
}

/** Waits until the cache has everything that was acknowledged before the call. False: that cannot be known of it. */
export async function cacheIsNewest(freshness: Freshness, signal: AbortSignal): Promise<boolean> {
  return cacheReaches(freshness, await newestRevision(freshness), signal);
}

/**
 * Waits until the cache has `revision`. False where members of the store are too old to tell progress, so that a cache
 * without news may be up to date or not, and while the cache cannot read some object: then the store must be read, as
 * kube-apiserver does. Throws Timeout when nobody has written that revision (`storage.NewTooLargeResourceVersionError`).
 */
export async function cacheReaches(freshness: Freshness, revision: number, signal: AbortSignal): Promise<boolean> {
  const { store, cache } = freshness;
  await cache.tried;
  if (cache.revision >= revision && !cache.unreadable) return true;
  if (store.tellsProgress && !cache.unreadable) {
    await waitForRevision(freshness, revision, signal);
    return true;
  }
  const newest = await newestRevision(freshness);
  if (newest < revision) throw tooLargeRevision(revision, newest);
  return false;
}

/** Throws TooManyRequests while the cache cannot read some object, and so hears of nothing (`cacher/ready.go`). */
export function checkReadable({ unreadable }: Parts['cache']): void {
  if (unreadable) throw tooManyRequests(`storage is (re)initializing: ${unreadable.message}`, 1);
}

/** The newest revision that was acknowledged to anybody. */
export async function newestRevision({ store, prefix }: Freshness): Promise<number> {
  return (await store.range({ key: Buffer.from(prefix), keysOnly: true })).header.revision;
}

async function waitForRevision({ cache, clock }: Freshness, revision: number, signal: AbortSignal): Promise<void> {
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
