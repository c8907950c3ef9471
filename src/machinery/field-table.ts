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

  /** Lists the fields to look at of this object, in the schema's order, from `start` on; returns where they end. */
  list(object: Readonly<Record<string, unknown>>, into: F[], start: number): number {
    let end = start;
    for (const field of this.#always) into[end++] = field;
    for (const name in object) {
      const field = this.#byName.get(name) ?? this.#other;
      if (field && !field.isAlways) insert(into, field, start, end++);
    }
    return end;
  }
}

/** Puts a field where the schema has it: for most clients, who send them in that order, behind the others. */
function insert<F extends TableField>(into: F[], field: F, start: number, end: number): void {
  let at = end;
  for (; at > start; at--) {
    const before = into[at - 1];
    if (!before || before.order <= field.order) break;
    into[at] = before;
  }
  into[at] = field;
}
