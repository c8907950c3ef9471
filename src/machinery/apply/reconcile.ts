import { childOf, elementsOf, emptySet, hasChildren, nodeOf, subtractDeep, unite, type FieldSet } from './field-set.ts';
import { trustFieldSet } from './parse-field-set.ts';
import type { PathElement } from './path-element.ts';
import { deducedShape, memberShape, type MapShape, type Shape } from './shape.ts';

const known = new WeakMap<Shape, WeakMap<FieldSet, FieldSet>>();

/**
 * A set as the type sees it now: what became atomic since the set was written is owned whole, and no longer field by
 * field (`typed/reconcile_schema.go`). The set itself where nothing changed, which is remembered.
 */
export function reconcile(shape: Shape, set: FieldSet): FieldSet {
  let ofShape = known.get(shape);
  if (!ofShape) known.set(shape, (ofShape = new WeakMap()));
  let reconciled = ofShape.get(set);
  if (!reconciled) {
    const atomic = nowAtomic(shape, set, true);
    reconciled = atomic ? trustFieldSet(unite(subtractDeep(set, atomic), atomic)) : set;
    ofShape.set(set, reconciled);
    ofShape.set(reconciled, reconciled);
  }
  return reconciled;
}

/** The paths at which the set goes into what is atomic now. */
function nowAtomic(shape: Shape, node: FieldSet, isRoot = false): FieldSet | undefined {
  if (!hasChildren(node)) return undefined;
  if (shape.map) return atomicInMap(shape.map, node, isRoot);
  if (!shape.list) return undefined;
  const { isAtomic, items } = shape.list;
  return isAtomic ? emptySet : descend(node, () => items);
}

function atomicInMap(map: MapShape, node: FieldSet, isRoot: boolean): FieldSet | undefined {
  // What has no type of its own never had another.
  if (map.values === deducedShape && map.fields.size === 0) return undefined;
  if (map.isAtomic) return isRoot ? undefined : emptySet;
  return descend(node, (element) => (element.startsWith('f:') ? memberShape(map, element.slice(2)) : map.values));
}

function descend(node: FieldSet, shapeAt: (element: PathElement) => Shape | undefined): FieldSet | undefined {
  const children: [PathElement, FieldSet][] = [];
  for (const element of elementsOf(node)) {
    const shape = shapeAt(element);
    const atomic = shape && nowAtomic(shape, childOf(node, element) ?? emptySet);
    if (atomic) children.push([element, atomic]);
  }
  return nodeOf(false, children);
}
