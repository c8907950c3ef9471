import { compareElements, type PathElement } from './path-element.ts';

/**
 * A set of paths, as `metadata.managedFields[].fieldsV1` writes it: a tree of path elements. A path is a member when its
 * node is empty, or has a `.` beside its children:
 *
 * ```json
 * { "f:spec": { "f:replicas": {}, "f:template": { ".": {}, "f:spec": {} } } }
 * ```
 * has `.spec.replicas`, `.spec.template` and `.spec.template.spec`.
 */
export interface FieldSet {
  readonly [element: PathElement]: FieldSet;
}

/** The mark of a member that has children. */
export const self = '.';

/** The set of nothing; as a node of a set, a member without children. */
export const emptySet: FieldSet = Object.freeze({});

type Child = readonly [element: PathElement, node: FieldSet];

/** A node as its children and its own membership make it; undefined for one that holds nothing. */
export function nodeOf(isSelf: boolean, children: readonly Child[]): FieldSet | undefined {
  if (children.length === 0) return isSelf ? emptySet : undefined;
  return follow(startNode(isSelf), children).node;
}

/**
 * A node on its way: each step is a child more. The same children lead to the same step, and so to the same node, while
 * that is remembered: the thousand pods of a template have one set of fields between them, and to find it makes nothing.
 */
export class Step {
  readonly from: Step | undefined;
  readonly element: PathElement;
  readonly child: FieldSet;
  /** The way on that was taken first: most steps have no other. */
  #first: Step | undefined;
  #others: Map<PathElement, Map<FieldSet, Step>> | undefined;
  #node: FieldSet | undefined;

  constructor(from: Step | undefined, element: PathElement, child: FieldSet) {
    this.from = from;
    this.element = element;
    this.child = child;
  }

  /** The step with one more child; its node is one that is made here too. */
  to(element: PathElement, child: FieldSet): Step {
    const first = (this.#first ??= this.#newStep(element, child));
    return first.element === element && first.child === child ? first : this.#toOther(element, child);
  }

  /** As `to`, where that step was made before. */
  known(element: PathElement, child: FieldSet): Step | undefined {
    const first = this.#first;
    if (first && first.element === element && first.child === child) return first;
    return this.#others?.get(element)?.get(child);
  }

  #toOther(element: PathElement, child: FieldSet): Step {
    this.#others ??= new Map();
    let byChild = this.#others.get(element);
    if (!byChild) this.#others.set(element, (byChild = new Map()));
    let step = byChild.get(child);
    if (!step) byChild.set(child, (step = this.#newStep(element, child)));
    return step;
  }

  #newStep(element: PathElement, child: FieldSet): Step {
    steps += 1;
    return new Step(this, element, child);
  }

  /** The node with all children until here; a child that came several times is a member and nothing else. */
  get node(): FieldSet {
    return (this.#node ??= this.#make());
  }

  #make(): FieldSet {
    const { start, given } = wayTo(this);
    if (given.length === 0) return emptySet;
    const children = inOrder(given);
    if (children !== given) return follow(start, children).node;
    const node: Record<PathElement, FieldSet> = start.element === self ? { [self]: emptySet } : {};
    for (const [element, child] of children) node[element] = child;
    return Object.freeze(node);
  }
}

function wayTo(last: Step): { start: Step; given: Child[] } {
  const given: Child[] = [];
  let step = last;
  for (; step.from; step = step.from) given.push([step.element, step.child]);
  return { start: step, given: given.reverse() };
}

function follow(start: Step, children: readonly Child[]): Step {
  let step = start;
  for (const [element, child] of children) step = step.to(element, child);
  return step;
}

/** The children in the order of their elements, each once; the same list where it is that. */
function inOrder(given: Child[]): Child[] {
  const isBefore = (at: number): boolean => compareElements(given[at - 1]?.[0] ?? '', given[at]?.[0] ?? '') < 0;
  if (given.every((_, at) => at === 0 || isBefore(at))) return given;
  const nodes = new Map<PathElement, FieldSet>();
  for (const [element, node] of given) nodes.set(element, nodes.has(element) ? emptySet : node);
  return [...nodes].sort(([a], [b]) => compareElements(a, b));
}

/** Enough for what the objects of a cluster consist of. It is forgotten all at once, and what is in use is soon there again. */
const maxSteps = 16_384;
let steps = 0;
let starts = newStarts();

function newStarts(): { member: Step; other: Step } {
  return { member: new Step(undefined, self, emptySet), other: new Step(undefined, '', emptySet) };
}

/** A node that has no children yet. */
export function startNode(isSelf: boolean): Step {
  if (steps > maxSteps) [steps, starts] = [0, newStarts()];
  return isSelf ? starts.member : starts.other;
}
