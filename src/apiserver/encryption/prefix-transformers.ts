import { messageOf } from '#base';
import type { Opened, Transformer } from './transformer.ts';

/** A transformer, and what stands before the values that are its own. */
export interface PrefixTransformer {
  readonly prefix: Buffer;
  readonly transformer: Transformer;
}

/**
 * Transformers in the order of the configuration (`value/transformer.go`): the first writes, and a value is read by those
 * whose prefix it has, one after the other. What another than the first can read is stale.
 */
export class PrefixTransformers implements Transformer {
  readonly #transformers: readonly PrefixTransformer[];
  readonly #noMatch: string;

  /** `noMatch` is told of a value that has nobody's prefix. */
  constructor(noMatch: string, transformers: readonly PrefixTransformer[]) {
    this.#noMatch = noMatch;
    this.#transformers = transformers;
  }

  async fromStorage(data: Buffer, context: Uint8Array): Promise<Opened> {
    const errors: string[] = [];
    for (const [at, { prefix, transformer }] of this.#transformers.entries()) {
      if (!prefix.equals(data.subarray(0, prefix.length))) continue;
      try {
        const { value, stale } = await transformer.fromStorage(data.subarray(prefix.length), context);
        return { value, stale: stale || at > 0 };
      } catch (error) {
        // Several providers share a prefix while their keys are rotated; that of identity is empty, and fits everything.
        if (prefix.length > 0) errors.push(messageOf(error));
      }
    }
    throw new Error(errors.length > 0 ? aggregate(errors) : this.#noMatch);
  }

  async toStorage(value: Buffer, context: Uint8Array): Promise<Buffer> {
    const [first] = this.#transformers;
    if (!first) throw new Error(this.#noMatch);
    const sealed = await first.transformer.toStorage(value, context);
    return first.prefix.length === 0 ? sealed : Buffer.concat([first.prefix, sealed]);
  }
}

/** Several errors in one, as `apimachinery/pkg/util/errors` tells them: each once. */
export function aggregate(messages: readonly string[]): string {
  const told = [...new Set(messages)];
  return told.length === 1 ? (told[0] ?? '') : `[${told.join(', ')}]`;
}
