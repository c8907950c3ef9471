import type { Opened, Transformer } from './transformer.ts';

/** Before what any provider has sealed: no JSON and no protobuf begins so. */
const encryptedPrefix = Buffer.from('k8s:enc:');

/** Leaves values as they are, and does not take what is sealed for a value. */
export const identity: Transformer = {
  async fromStorage(data): Promise<Opened> {
    if (!encryptedPrefix.equals(data.subarray(0, encryptedPrefix.length))) return { value: data, stale: false };
    throw new Error('identity transformer tried to read encrypted data');
  },
  toStorage: async (value) => value,
};
