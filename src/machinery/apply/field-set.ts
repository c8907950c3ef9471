import { emptySet, nodeOf, self, type FieldSet } from './field-set-node.ts';
import { compareElements, type PathElement } from './path-element.ts';

export { emptySet, nodeOf, startNode, type FieldSet } from './field-set-node.ts';

/*
 * Sets are plain JSON and never changed, and equal sets are mostly one object (`nodeOf`): those of stored objects need no
 * parsing, no copying and little memory. All of them are canonical (`parseFieldSet`): elements in order and spelled in one
 * way, no node that holds nothing. The operations are those of `fieldpath/set.go` of structured-merge-diff.
 */

/** Whether a set has no members, or a node no children and no mark of its own. */
export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the path that leads to this node is a member. */
export function isMember(node: FieldSet | undefined): boolean {
  return node !== undefined && (self in node || isEmptySet(node));
}

/** Whether anything is below this node. */
export function hasChildren(node: FieldSet): boolean {
  for (const element in node) if (element !== self) return true;
  return false;
}

/** The elements that lead on from a node. */
export function elementsOf(node: FieldSet): PathElement[] {
  const elements = Object.keys(node);
  if (elements[0] === self) elements.shift(); // where it is, it comes first
  return elements;
}

/** The node behind an element, where the set has one. */
export function childOf(node: FieldSet, element: PathElement): FieldSet | undefined {
  return Object.hasOwn(node, element) ? node[element] : undefined;
}

/** The paths below an element, without the element; undefined where there are none. */
export function withPrefix(set: FieldSet, element: PathElement): FieldSet | undefined {
  const node = childOf(set, element);
  return node && hasChildren(node) ? node : undefined;
}

/** The same node, as a member. */
export function asMember(node: FieldSet | undefined): FieldSet {
  if (node === undefined) return emptySet;
  return isMember(node) ? node : (nodeOf(true, childrenOf(node)) ?? emptySet);
}

function childrenOf(node: FieldSet): [PathElement, FieldSet][] {
  return elementsOf(node).map((element) => [element, childOf(node, element) ?? emptySet]);
}

/** The set of these paths. */
export function setOf(...paths: readonly (readonly PathElement[])[]): FieldSet {
  let set = emptySet;
  for (const path of paths) {
    const only = path.reduceRight<FieldSet>((child, element) => nodeOf(false, [[element, child]]) ?? child, emptySet);
    set = unite(set, only);
  }
  return set;
}

/** Whether the path is a member. */
export function hasPath(set: FieldSet, path: readonly PathElement[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node && childOf(node, element);
  return path.length > 0 && isMember(node);
}

/** All members: of each node those at hand first, then those below. */
export function* pathsOf(set: FieldSet, prefix: readonly PathElement[] = []): Generator<readonly PathElement[]> {
  const elements = elementsOf(set);
  for (const element of elements) if (isMember(childOf(set, element))) yield [...prefix, element];
  for (const element of elements) {
    const below = withPrefix(set, element);
    if (below) yield* pathsOf(below, [...prefix, element]);
  }
}

/** What is in either. */
export function unite(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  return uniteAs(false, a, b);
}

/** Two nodes of one path: a member where either is. */
export function uniteNodes(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  if (!a || !b) return a ?? b;
  return uniteAs(isMember(a) || isMember(b), a, b);
}

function uniteAs(isSelf: boolean, a: FieldSet, b: FieldSet): FieldSet {
  const children = mergedElements(elementsOf(a), elementsOf(b)).map((element): [PathElement, FieldSet] => {
    const [left, right] = [childOf(a, element), childOf(b, element)];
    if (!left || !right) return [element, left ?? right ?? emptySet];
    return [element, left === right ? left : uniteAs(isMember(left) || isMember(right), left, right)];
  });
  return nodeOf(isSelf, children) ?? emptySet;
}

function mergedElements(a: readonly PathElement[], b: readonly PathElement[]): readonly PathElement[] {
  const merged: PathElement[] = [];
  let at = 0;
  for (const element of a) {
    for (let other = b[at]; other !== undefined; other = b[++at]) {
      const order = compareElements(other, element);
      if (order > 0) break;
      if (order < 0) merged.push(other);
    }
    merged.push(element);
  }
  return merged.concat(b.slice(at));
}

/** What is in both. */
export function intersect(a: FieldSet, b: FieldSet): FieldSet {
  return intersectNodes(a, b, false) ?? emptySet;
}

function intersectNodes(a: FieldSet, b: FieldSet, isSelf: boolean): FieldSet | undefined {
  return rebuildNode(a, isSelf, (element, node) => {
    const other = childOf(b, element);
    return other && intersectNodes(node, other, isMember(node) && isMember(other));
  });
}

/** What is in `a` and not in `b`. A member of `b` takes nothing from below it (`a.b` − `a` is `a.b`). */
export function subtract(a: FieldSet, b: FieldSet): FieldSet {
  return subtractNodes(a, b, false) ?? emptySet;
}

function subtractNodes(a: FieldSet, b: FieldSet, isSelf: boolean): FieldSet | undefined {
  return rebuildNode(a, isSelf, (element, node) => {
    const other = childOf(b, element);
    return other ? subtractNodes(node, other, isMember(node) && !isMember(other)) : node;
  });
}

/** What is in `a` and neither in `b` nor below a member of `b`. */
export function subtractDeep(a: FieldSet, b: FieldSet): FieldSet {
  return subtractNodesDeep(a, b, false) ?? emptySet;
}

function subtractNodesDeep(a: FieldSet, b: FieldSet, isSelf: boolean): FieldSet | undefined {
  return rebuildNode(a, isSelf, (element, node) => {
    const other = childOf(b, element);
    if (isMember(other)) return undefined;
    return other ? subtractNodesDeep(node, other, isMember(node)) : node;
  });
}

/** The members that have nothing below them. */
export function leavesOf(set: FieldSet): FieldSet {
  return rebuildNode(set, false, (_, node) => (hasChildren(node) ? leavesOf(node) : node)) ?? emptySet;
}

/** A node with each child replaced by what `change` makes of it; the node itself where that is nothing new. */
export function rebuildNode(
  node: FieldSet,
  isSelf: boolean,
  change: (element: PathElement, child: FieldSet) => FieldSet | undefined,
): FieldSet | undefined {
  const children: [PathElement, FieldSet][] = [];
  let isSame = isSelf === isMember(node);
  for (const element of elementsOf(node)) {
    const child = childOf(node, element) ?? emptySet;
    const changed = change(element, child);
    if (changed !== child) isSame = false;
    if (changed) children.push([element, changed]);
  }
  return isSame ? node : nodeOf(isSelf, children);
}

/** Whether both have the same members. */
export function isSameSet(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  const elements = elementsOf(a);
  return (
    elements.length === elementsOf(b).length &&
    elements.every((element) => {
      const [left, right] = [childOf(a, element), childOf(b, element)];
      return left && right && isMember(left) === isMember(right) && isSameSet(left, right);
    })
  );
}
