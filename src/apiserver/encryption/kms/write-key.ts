import { randomBytes } from 'node:crypto';
import { messageOf, type Clock } from '#base';
import { ExtendedNonceGcm, seedBytes } from '../extended-nonce-gcm.ts';
import { checkSealedKey, hashOfKeyId, sealedKeyHash, sourceTypes, type SealedKey } from './encrypted-object.ts';
import type { TransformationMetrics } from '../transformation-metrics.ts';
import type { KmsClient } from './kms-client.ts';

/** What values are sealed with, until the plugin has another key. */
export interface WriteKey {
  readonly transformer: ExtendedNonceGcm;
  readonly sealed: SealedKey;
  /** `sealedKeyHash` of it. */
  readonly hash: string;
  /** Until when it may write, while the plugin fails; by `clock.elapsed()`. */
  readonly expiresMs: number;
}

/** A new seed, sealed by the plugin. Throws what upstream says (`GenerateTransformer`). */
export async function generateKey(
  client: KmsClient,
  uid: string,
  metrics: TransformationMetrics,
): Promise<Omit<WriteKey, 'expiresMs'>> {
  const seed = metrics.makeKey(() => randomBytes(seedBytes));
  const { ciphertext, keyId, annotations } = await client.encrypt(uid, seed).catch((error: unknown) => {
    throw new Error(`failed to encrypt DEK, error: ${messageOf(error)}`, { cause: error });
  });
  const encryptedDekSourceType = sourceTypes.hkdfSeed;
  const sealed: SealedKey = { keyId, encryptedDekSource: ciphertext, annotations, encryptedDekSourceType };
  checkSealedKey(sealed);
  return { transformer: new ExtendedNonceGcm(seed), sealed, hash: sealedKeyHash(sealed) };
}

/** Throws when it has not been confirmed for so long that nothing may be written with it. */
export function checkNotExpired({ sealed, expiresMs }: WriteKey, clock: Clock): void {
  const nowMs = clock.elapsed();
  if (nowMs <= expiresMs) return;
  const [expired, now] = [expiresMs, nowMs].map((ms) => wallOf(clock, ms));
  throw new Error(
    `encryptedDEKSource with keyID hash "${hashOfKeyId(sealed.keyId)}" expired at ${expired} (current time is ${now})`,
  );
}

/** What the clock on the wall shows when `elapsedMs` have passed, in RFC 3339 without fractions. */
export function wallOf(clock: Clock, elapsedMs: number): string {
  return new Date(clock.now() + elapsedMs - clock.elapsed()).toISOString().replace(/\.\d+Z$/, 'Z');
}
