/**
 * A place in an object as Kubernetes' errors write it: `spec.containers[0].ports[0].name`, `metadata.labels[a/b]`. It is
 * put together when somebody reads it: validation walks thousands of places to find fault with none.
 */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #name: string | number;
  readonly #isKey: boolean;

  private constructor(parent: FieldPath | undefined, name: string | number, isKey: boolean) {
    this.#parent = parent;
    this.#name = name;
    this.#isKey = isKey;
  }

  /** The root, or a first segment. */
  static of(...names: string[]): FieldPath {
    return new FieldPath(undefined, names.join('.'), false);
  }

  /** One step down, or several: `child('metadata', 'labels')`. */
  child(name: string, second?: string, third?: string): FieldPath {
    const below = new FieldPath(this, name, false);
    if (second === undefined) return below;
    return third === undefined ? below.child(second) : below.child(second, third);
  }

  index(at: number): FieldPath {
    return new FieldPath(this, at, true);
  }

  key(name: string): FieldPath {
    return new FieldPath(this, name, true);
  }

  toString(): string {
    const before = this.#parent?.toString() ?? '';
    if (this.#isKey) return `${before}[${this.#name}]`;
    return before === '' ? String(this.#name) : `${before}.${this.#name}`;
  }
}
