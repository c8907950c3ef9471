import type { AdmissionPlugin, Attributes } from './plugin.ts';

/** All plugins, one after the other: first those that change the object, later, on the final object, those that judge. */
export class AdmissionChain {
  readonly #mutating: readonly AdmissionPlugin[];
  readonly #judging: readonly AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#mutating = plugins.filter((plugin) => 'mutate' in plugin);
    this.#judging = plugins.filter((plugin) => 'validate' in plugin);
  }

  mutate(attributes: Attributes): void | Promise<void> {
    return inTurn(this.#mutating, (plugin) => plugin.mutate?.(attributes));
  }

  validate(attributes: Attributes): void | Promise<void> {
    return inTurn(this.#judging, (plugin) => plugin.validate?.(attributes));
  }
}

/** Most plugins have nothing to wait for: then nobody waits. */
function inTurn(
  plugins: readonly AdmissionPlugin[],
  ask: (plugin: AdmissionPlugin) => void | Promise<void>,
  from = 0,
): void | Promise<void> {
  let next = from;
  for (let plugin = plugins[next]; plugin; plugin = plugins[next]) {
    next++;
    const wait = ask(plugin);
    if (wait) return wait.then(() => inTurn(plugins, ask, next));
  }
}
