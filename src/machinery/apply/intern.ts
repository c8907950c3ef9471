import type { FieldSet } from './field-set.ts';
import type { PathElement } from './path-element.ts';

/** How far a node has come, with the nodes and elements that lead on from there. */
interface Step {
  node?: FieldSet;
  readonly next: Map<PathElement, Map<FieldSet, Step>>;
}

/** Enough for the fields of what a cluster has in hand; forgotten all at once, since what is in use is soon there again. */
const maxSteps = 8192;

/**
 * Makes equal nodes of sets one frozen object: the thousand pods of a template own the same fields, and have one set
 * between them. It follows a node's children as a tree of what was made before, so that to find a node makes nothing.
 */
export class Interner {
  #roots = { member: newStep(), other: newStep() };
  #steps = 0;

  /** The node that has these children, which are in order and interned themselves, and is a member or not. */
  node(isSelf: boolean, children: readonly (readonly [PathElement, FieldSet])[], make: () => FieldSet): FieldSet {
    if (this.#steps > maxSteps) this.#forget();
    let step = isSelf ? this.#roots.member : this.#roots.other;
    for (const [element, child] of children) step = this.#follow(step, element, child);
    return (step.node ??= Object.freeze(make()));
  }

  #follow({ next }: Step, element: PathElement, child: FieldSet): Step {
    let byChild = next.get(element);
    if (!byChild) next.set(element, (byChild = new Map()));
    let step = byChild.get(child);
    if (!step) {
      byChild.set(child, (step = newStep()));
      this.#steps += 1;
    }
    return step;
  }

  #forget(): void {
    this.#roots = { member: newStep(), other: newStep() };
    this.#steps = 0;
  }
}

function newStep(): Step {
  return { next: new Map() };
}
