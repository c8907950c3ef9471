import type { Secret } from './secret.ts';

/** Fills in what a secret leaves unsaid, and moves `stringData`, which is only a way to write, into `data`. */
export function setSecretDefaults(secret: Secret): void {
  secret.type ||= 'Opaque';
  if (secret.stringData === undefined) return;
  const encoded = Object.entries(secret.stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  if (encoded.length > 0) secret.data = { ...secret.data, ...Object.fromEntries(encoded) };
  delete secret.stringData;
}
