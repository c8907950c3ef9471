/** Freezes a plain JSON object and everything in it; returns the same object. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  // Without lists of members, and without a call for what cannot be frozen: this is done with all that is written.
  if (Array.isArray(value)) for (const item of value) freezeMember(item);
  else for (const key in value) freezeMember(value[key]);
  return Object.freeze(value);
}

function freezeMember(member: unknown): void {
  if (typeof member === 'object') deepFreeze(member);
}
