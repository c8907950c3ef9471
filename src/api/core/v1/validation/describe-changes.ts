import { FieldPath, isEqualJson, isObject } from '#machinery';

/** What differs between two values, a line each: `- path: old`, `+ path: new`. */
export function describeChanges(old: unknown, now: unknown): string {
  return [...changes(old, now, FieldPath.of())].join('\n');
}

function* changes(old: unknown, now: unknown, path: FieldPath): Generator<string> {
  if (isEqualJson(old, now)) return;
  if (isObject(old) && isObject(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      yield* changes(old[key], now[key], path.child(key));
    }
  } else if (Array.isArray(old) && Array.isArray(now)) {
    for (let at = 0; at < Math.max(old.length, now.length); at++) yield* changes(old[at], now[at], path.index(at));
  } else {
    if (old !== undefined) yield `- ${path.toString()}: ${JSON.stringify(old)}`;
    if (now !== undefined) yield `+ ${path.toString()}: ${JSON.stringify(now)}`;
  }
}
