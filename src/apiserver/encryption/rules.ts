import { formatGroupResource, type GroupResource } from './group-resource.ts';
import type { Transformer } from './transformer.ts';

/** Which resource is sealed by what. */
export class Rules {
  readonly #transformers: ReadonlyMap<string, Transformer>;
  readonly #bound = new Map<string, Transformer | undefined>();

  /** By `secrets`, `deployments.apps`, `*.apps`, `*.`, `*.*`. */
  constructor(transformers: ReadonlyMap<string, Transformer>) {
    this.#transformers = transformers;
  }

  /** A resource's own rule comes before that of its group, and that before the one for all. */
  of(resource: GroupResource): Transformer | undefined {
    const id = formatGroupResource(resource);
    if (!this.#bound.has(id)) this.#bound.set(id, boundTo(id, this.#ruleOf(resource)));
    return this.#bound.get(id);
  }

  #ruleOf({ group, plural }: GroupResource): Transformer | undefined {
    return (
      this.#transformers.get(formatGroupResource({ group, plural })) ??
      this.#transformers.get(formatGroupResource({ group, plural: '*' })) ??
      this.#transformers.get('*.*')
    );
  }
}

/** A rule that says of each value of what it is an object. */
function boundTo(resource: string, rule: Transformer | undefined): Transformer | undefined {
  return (
    rule && {
      fromStorage: (data, context) => rule.fromStorage(data, context, resource),
      toStorage: (value, context) => rule.toStorage(value, context, resource),
    }
  );
}
