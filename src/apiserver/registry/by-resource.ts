import type { Resource } from '#machinery';

/** Something for each resource. By two keys and not by one put together, which would be made anew for every question. */
export class ByResource<T> {
  readonly #byGroup = new Map<string, Map<string, T>>();

  get(group: string, plural: string): T | undefined {
    return this.#byGroup.get(group)?.get(plural);
  }

  set({ group, plural }: Pick<Resource, 'group' | 'plural'>, value: T): void {
    let ofGroup = this.#byGroup.get(group);
    if (!ofGroup) this.#byGroup.set(group, (ofGroup = new Map()));
    ofGroup.set(plural, value);
  }

  values(): T[] {
    return [...this.#byGroup.values()].flatMap((ofGroup) => [...ofGroup.values()]);
  }
}
