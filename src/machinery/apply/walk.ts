import { startNode, type FieldSet } from './field-set.ts';
import type { Step } from './field-set-node.ts';
import { memberField, type FieldShape, type MapShape, type Walked } from './shape.ts';

/** Members that are remembered; there are maps with very many. */
const maxWalked = 64;

/**
 * A walk through the members of a map, to the set of the paths below them. It goes as the last one through a map of this
 * shape did, for as long as it meets the same: the objects of a template differ in little, and nothing is looked up then.
 */
export class Walk {
  readonly #map: MapShape;
  #at = -1;
  #last: Walked | undefined;
  #name = '';
  #step: Step;

  constructor(map: MapShape, isSelf: boolean) {
    this.#map = map;
    this.#step = startNode(isSelf);
  }

  /** The next member. Throws where there can be none of this name. */
  field(name: string): FieldShape {
    this.#name = name;
    this.#last = this.#map.walked[++this.#at];
    return this.#last?.name === name ? this.#last.field : memberField(this.#map, name);
  }

  /** Goes on behind the next member, with the paths below it. */
  goOn(field: FieldShape, node: FieldSet): void {
    const last = this.#last;
    const isAsLast = last?.field === field && last.step.from === this.#step && last.step.child === node;
    this.#step = isAsLast ? last.step : this.#step.to(field.element, node);
    if (isAsLast || this.#at >= maxWalked) return;
    this.#map.walked[this.#at] = { name: this.#name, field, step: this.#step };
  }

  get node(): FieldSet {
    return this.#step.node;
  }
}
