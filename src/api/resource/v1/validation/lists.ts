import type { FieldErrors, FieldPath } from '#machinery';

type Check<T> = (item: T, errors: FieldErrors, path: FieldPath) => void;

/** Judges each item, unless there are too many of them: then that alone is told. */
export function validateSlice<T>(
  items: readonly T[] = [],
  max: number,
  check: Check<T>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (items.length > max) return errors.tooMany(path, items.length, max);
  for (const [at, item] of items.entries()) check(item, errors, path.index(at));
}

/** As `validateSlice`, and each item stands once, by its key. */
export function validateSet<T>(
  items: readonly T[] = [],
  max: number,
  check: Check<T>,
  keyOf: (item: T) => unknown,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateSlice(items, max, check, errors, path);
  if (items.length > max) return;
  const seen = new Set<string>();
  for (const [at, item] of items.entries()) {
    const key = keyOf(item);
    const text = JSON.stringify(key);
    if (seen.has(text)) errors.duplicate(path.index(at), key);
    seen.add(text);
  }
}

/** Judges the keys and values of a map, unless there are too many of them. */
export function validateMap<T>(
  map: Readonly<Record<string, T>> = {},
  max: number,
  checks: { key: Check<string>; value: Check<T>; maxKeyLength: number },
  errors: FieldErrors,
  path: FieldPath,
): void {
  const entries = Object.entries(map);
  if (entries.length > max) return errors.tooMany(path, entries.length, max);
  for (const [key, value] of entries) {
    checks.key(key, errors, path);
    checks.value(value, errors, path.key(shorten(key, checks.maxKeyLength)));
  }
}

/** Keys that are too long lose their middle, where they stand in a path. */
function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const rest = max - 3;
  return `${text.slice(0, Math.floor((rest + 1) / 2))}...${text.slice(text.length - Math.floor(rest / 2))}`;
}
