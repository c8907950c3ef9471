/** What a walk knows of one field. */
interface TableField {
  readonly name: string;
  /** Its place in the schema. */
  readonly order: number;
  /** Looked at even where it is absent. */
  readonly isAlways: boolean;
}

/**
 * The fields that a walk over objects of one type looks at. It asks the object what it has, and not for each of the type's
 * fields: of a pod's forty a dozen are there.
 */
export class FieldTable<F extends TableField> {
  readonly #byName: ReadonlyMap<string, F>;
  readonly #always: readonly F[];
  readonly #other: F | undefined;

  /** `other` stands for all fields that are not in the table. */
  constructor(fields: readonly F[], other?: F) {
    this.#byName = new Map(fields.map((field) => [field.name, field]));
    this.#always = fields.filter(({ isAlways }) => isAlways);
    this.#other = other;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The fields to look at of this object, in the schema's order. */
  of(object: Readonly<Record<string, unknown>>): F[] {
    const found = this.#always.slice();
    for (const name in object) {
      const field = this.#byName.get(name) ?? this.#other;
      if (field && !field.isAlways) insert(found, field);
    }
    return found;
  }
}

/** Puts a field where the schema has it: for most clients, who send them in that order, behind the others. */
function insert<F extends TableField>(fields: F[], field: F): void {
  for (let at = fields.push(field) - 1; at > 0; at--) {
    const before = fields[at - 1];
    if (!before || before.order < field.order) return;
    fields[at] = before;
    fields[at - 1] = field;
  }
}
