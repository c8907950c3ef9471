/** A place in an object as Kubernetes' errors write it: `spec.containers[0].ports[0].name`, `metadata.labels[a/b]`. */
export class FieldPath {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The root, or a first segment. */
  static of(...names: string[]): FieldPath {
    return new FieldPath(names.join('.'));
  }

  child(...names: string[]): FieldPath {
    const tail = names.join('.');
    return new FieldPath(this.#text === '' ? tail : `${this.#text}.${tail}`);
  }

  index(at: number): FieldPath {
    return new FieldPath(`${this.#text}[${at}]`);
  }

  key(name: string): FieldPath {
    return new FieldPath(`${this.#text}[${name}]`);
  }

  toString(): string {
    return this.#text;
  }
}
