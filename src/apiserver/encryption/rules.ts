import { formatGroupResource, type GroupResource } from './group-resource.ts';
import type { Transformer } from './transformer.ts';

/** Which resource is sealed by what. */
export class Rules {
  readonly #transformers: ReadonlyMap<string, Transformer>;

  /** By `secrets`, `deployments.apps`, `*.apps`, `*.`, `*.*`. */
  constructor(transformers: ReadonlyMap<string, Transformer>) {
    this.#transformers = transformers;
  }

  /** A resource's own rule comes before that of its group, and that before the one for all. */
  of({ group, plural }: GroupResource): Transformer | undefined {
    return (
      this.#transformers.get(formatGroupResource({ group, plural })) ??
      this.#transformers.get(formatGroupResource({ group, plural: '*' })) ??
      this.#transformers.get('*.*')
    );
  }
}
