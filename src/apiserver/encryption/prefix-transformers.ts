import { messageOf } from '#base';
import type { TransformationMetrics } from './transformation-metrics.ts';
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
  readonly #metrics: TransformationMetrics;

  /** `noMatch` is told of a value that has nobody's prefix. */
  constructor(noMatch: string, transformers: readonly PrefixTransformer[], metrics: TransformationMetrics) {
    this.#noMatch = noMatch;
    this.#transformers = transformers;
    this.#metrics = metrics;
  }

  async fromStorage(data: Buffer, context: Uint8Array, resource = ''): Promise<Opened> {
    const record = this.#metrics.begin(resource, 'from_storage');
    const errors: string[] = [];
    for (const [at, { prefix, transformer }] of this.#transformers.entries()) {
      if (!prefix.equals(data.subarray(0, prefix.length))) continue;
      try {
        const { value, stale } = await transformer.fromStorage(data.subarray(prefix.length), context, resource);
        record(prefix.length > 0 ? prefix.toString() : 'identity');
        return { value, stale: stale || at > 0 };
      } catch (error) {
        // Several providers share a prefix while their keys are rotated; that of identity is empty, and fits everything.
        if (prefix.length === 0) continue;
        record(prefix.toString(), error);
        errors.push(messageOf(error));
      }
    }
    if (errors.length > 0) throw new Error(aggregate(errors));
    const error = new Error(this.#noMatch);
    record('unknown', error);
    throw error;
  }

  async toStorage(value: Buffer, context: Uint8Array, resource = ''): Promise<Buffer> {
    const [first] = this.#transformers;
    if (!first) throw new Error(this.#noMatch);
    const record = this.#metrics.begin(resource, 'to_storage');
    const { prefix, transformer } = first;
    try {
      const sealed = await transformer.toStorage(value, context, resource);
      record(prefix.toString());
      return prefix.length === 0 ? sealed : Buffer.concat([prefix, sealed]);
    } catch (error) {
      record(prefix.toString(), error);
      throw error;
    }
  }
}

/** Several errors in one, as `apimachinery/pkg/util/errors` tells them: each once. */
export function aggregate(messages: readonly string[]): string {
  const told = [...new Set(messages)];
  return told.length === 1 ? (told[0] ?? '') : `[${told.join(', ')}]`;
}
