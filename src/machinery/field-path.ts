/**
 * A place in an object as Kubernetes' errors write it: `spec.containers[0].ports[0].name`, `metadata.labels[a/b]`. It is
 * put together when somebody reads it: validation walks thousands of places to find fault with none.
 */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #name: string;
  readonly #isKey: boolean;

  private constructor(parent: FieldPath | undefined, name: string, isKey: boolean) {
    this.#parent = parent;
    this.#name = name;
    this.#isKey = isKey;
  }

  /** The root, or a first segment. */
  static of(...names: string[]): FieldPath {
    return new FieldPath(undefined, names.join('.'), false);
  }

  child(name: string, ...more: string[]): FieldPath {
    return new FieldPath(this, more.length === 0 ? name : [name, ...more].join('.'), false);
  }

  index(at: number): FieldPath {
    return new FieldPath(this, String(at), true);
  }

  key(name: string): FieldPath {
    return new FieldPath(this, name, true);
  }

  toString(): string {
    const before = this.#parent?.toString() ?? '';
    if (this.#isKey) return `${before}[${this.#name}]`;
    return before === '' ? this.#name : `${before}.${this.#name}`;
  }
}
