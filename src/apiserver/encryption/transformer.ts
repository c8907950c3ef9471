/** What a value in the store says. */
export interface Opened {
  readonly value: Buffer;
  /** It would be written otherwise today: by another provider, or with another key. */
  readonly stale: boolean;
}

/**
 * Turns a value into what lies in the store, and back (`apiserver/pkg/storage/value/transformer.go`). `context` is the
 * key under which it lies: a sealed value does not open under any other. `resource` says of what it is an object, for who
 * counts. Throws what upstream says.
 */
export interface Transformer {
  fromStorage(data: Buffer, context: Uint8Array, resource?: string): Promise<Opened>;
  toStorage(value: Buffer, context: Uint8Array, resource?: string): Promise<Buffer>;
}

/** What is told of a value that is not even as long as what is put before every value. */
export const tooShort = 'the stored data was shorter than the required size';
