import type { PodTemplateSpec } from '#api';

export const templateHashLabel = 'pod-template-hash';

/** The alphabet of apimachinery's `rand.SafeEncodeString`. */
const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A short name for a template that stays the same wherever and whenever it is computed. Any function would do, since
 * nobody recomputes the hash of an existing ReplicaSet: ours is FNV-1a over the JSON with sorted keys.
 * `collisionCount` makes another name when two templates meet in one.
 */
export function podTemplateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${canonical(template)}${collisionCount ?? ''}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const digits = String(hash >>> 0);
  return Array.from(digits, (digit) => safeAlphabet[digit.charCodeAt(0) % safeAlphabet.length]).join('');
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
