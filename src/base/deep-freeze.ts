/** Freezes a plain JSON object and everything in it; returns the same object. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const key in value) deepFreeze(value[key]); // no lists of values: this is done with all that is written
  return Object.freeze(value);
}
