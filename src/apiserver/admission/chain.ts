import type { AdmissionPlugin, Attributes } from './plugin.ts';

/** All plugins, one after the other: first those that change the object, later, on the final object, those that judge. */
export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  async mutate(attributes: Attributes): Promise<void> {
    for (const plugin of this.#plugins) await plugin.mutate?.(attributes);
  }

  async validate(attributes: Attributes): Promise<void> {
    for (const plugin of this.#plugins) await plugin.validate?.(attributes);
  }
}
