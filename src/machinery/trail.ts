/** A field of a struct that Go has inlined: JSON has its name alone, and Go names the struct on its way there. */
export interface InlinedField {
  readonly name: string;
  readonly struct: string;
}

/** A step into an object: a field, an index, or a key of a map. */
export type Segment = string | number | { readonly key: string } | InlinedField;

/** The name that JSON has for a step that is no index. */
export function nameOfStep(step: Exclude<Segment, number>): string {
  if (typeof step === 'string') return step;
  return 'name' in step ? step.name : step.key;
}

/** Where a walk through an object is. Nobody asks, unless something is wrong there. */
export class Trail {
  /** What stands behind the depth is left from before. */
  readonly #segments: Segment[] = [];
  #depth = 0;

  enter(segment: Segment): void {
    this.#segments[this.#depth] = segment;
    this.#depth += 1;
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** The steps from the root to here. */
  get segments(): Segment[] {
    return this.#segments.slice(0, this.#depth);
  }
}
