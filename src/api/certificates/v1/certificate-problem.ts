import { X509Certificate } from 'node:crypto';

const block = /-----BEGIN ([^-]+)-----\r?\n([^-]*)-----END \1-----/g;

/** What is wrong with a base64 text that is to hold certificates in PEM; nothing is fine too. */
export function certificateProblem(base64: string): string | undefined {
  if (base64 === '') return undefined;
  const blocks = [...Buffer.from(base64, 'base64').toString('latin1').matchAll(block)];
  if (blocks.length === 0) return 'must contain at least one CERTIFICATE PEM block';
  for (const [whole, type, body = ''] of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(type)}`;
    if (body.includes(':')) return 'no PEM block headers are permitted';
    if (!isCertificate(whole)) return 'x509: malformed certificate';
  }
  return undefined;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
