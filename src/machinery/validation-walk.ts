import type { FieldErrors } from './field-errors.ts';
import { FieldPath } from './field-path.ts';
import { Trail } from './trail.ts';

/** Where a check is, and where it tells what it finds. */
export class Walk extends Trail {
  readonly errors: FieldErrors;
  readonly inOrder: boolean;
  readonly #root: FieldPath | undefined;

  constructor(errors: FieldErrors, root: FieldPath | undefined, inOrder: boolean) {
    super();
    this.errors = errors;
    this.inOrder = inOrder;
    this.#root = root;
  }

  get path(): FieldPath {
    let path = this.#root ?? FieldPath.of();
    for (const segment of this.segments) {
      if (typeof segment === 'number') path = path.index(segment);
      else if (typeof segment === 'string') path = path.child(segment);
      else path = 'key' in segment ? path.key(segment.key) : path.child(segment.name);
    }
    return path;
  }
}

/** Tells what is wrong with a value. */
export type Check = (value: unknown, walk: Walk) => void;
