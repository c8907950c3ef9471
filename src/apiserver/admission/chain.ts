import type { AdmissionPlugin, Attributes } from './plugin.ts';

/** All plugins, one after the other: first those that change the object, later, on the final object, those that judge. */
export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = plugins;
  }

  async mutate(attributes: Attributes): Promise<void> {
    for (const plugin of this.#plugins) {
      const wait = plugin.mutate?.(attributes);
      if (wait) await wait;
    }
  }

  async validate(attributes: Attributes): Promise<void> {
    for (const plugin of this.#plugins) {
      const wait = plugin.validate?.(attributes);
      if (wait) await wait;
    }
  }
}
