import { emptySet, isMember, rebuildNode, setOf, subtractDeep, type FieldSet } from './field-set.ts';
import { fieldElement } from './path-element.ts';
import type { FieldFilter } from './updater.ts';

/** A filter that remembers what it made of a set: equal sets are mostly one object. */
export function remembering(filter: FieldFilter): FieldFilter {
  const known = new WeakMap<FieldSet, FieldSet>();
  return (set) => {
    let filtered = known.get(set);
    if (!filtered) known.set(set, (filtered = filter(set)));
    return filtered;
  };
}

/** Takes these paths, and all below them, out of a set: `dropFields('status', 'metadata.labels')`. */
export function dropFields(...paths: readonly string[]): FieldFilter {
  const dropped = setOf(...paths.map((path) => path.split('.').map(fieldElement)));
  return remembering((set) => subtractDeep(set, dropped));
}

/** Leaves nothing but these paths, what is below them and what leads to them; `*` is any item or field. */
export function keepFields(...paths: readonly string[]): FieldFilter {
  const patterns = paths.map((path) => path.split('.'));
  return remembering((set) => keepNode(set, false, patterns) ?? emptySet);
}

function keepNode(node: FieldSet, isSelf: boolean, patterns: readonly string[][]): FieldSet | undefined {
  return rebuildNode(node, isSelf, (element, child) => {
    const matching = patterns.filter(([first = '']) => first === '*' || fieldElement(first) === element);
    if (matching.length === 0) return undefined;
    if (matching.some(({ length }) => length === 1)) return child;
    const rest = matching.map((pattern) => pattern.slice(1));
    return keepNode(child, isMember(child), rest);
  });
}
