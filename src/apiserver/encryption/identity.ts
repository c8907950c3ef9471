import type { Opened, Transformer } from './transformer.ts';

const encryptedPrefix = Buffer.from('k8s:enc:');

/** Whether a value was sealed by some provider: all of them write this first, and no JSON or protobuf begins so. */
export function isEncrypted({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  if (byteLength < encryptedPrefix.length) return false;
  return Buffer.from(buffer, byteOffset, encryptedPrefix.length).equals(encryptedPrefix);
}

/** What is told of a sealed value that nothing is there to open. */
export const encryptedData = 'identity transformer tried to read encrypted data';

/** Leaves values as they are, and does not take what is sealed for a value. */
export const identity: Transformer = {
  async fromStorage(data): Promise<Opened> {
    if (isEncrypted(data)) throw new Error(encryptedData);
    return { value: data, stale: false };
  },
  toStorage: async (value) => value,
};
