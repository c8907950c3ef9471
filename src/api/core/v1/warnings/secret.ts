import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Warnings } from '#machinery';
import type { Secret } from '../secret.ts';

const block = /-----BEGIN ([^-\n]+)-----[^-]+-----END \1-----/g;

/** A key that does not belong to its certificate, in the words of Go's `tls.X509KeyPair`. */
export function warnOfSecret({ type, data = {} }: Secret, warnings: Warnings): void {
  if (type !== 'kubernetes.io/tls') return;
  const problem = pairProblem(textOf(data['tls.crt']), textOf(data['tls.key']));
  if (problem !== '') warnings.add(problem);
}

function textOf(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('latin1');
}

function pairProblem(certificate: string, key: string): string {
  const [certificates, keys] = [blocksOf(certificate), blocksOf(key)];
  const first = certificates.find(({ kind }) => kind === 'CERTIFICATE');
  if (!first) return missing('certificate', 'CERTIFICATE', certificates);
  const own = keys.find(({ kind }) => kind === 'PRIVATE KEY' || kind.endsWith(' PRIVATE KEY'));
  if (!own) return missing('key', 'PRIVATE KEY', keys);
  return matchProblem(first.text, own.text);
}

interface Block {
  readonly kind: string;
  readonly text: string;
}

function blocksOf(text: string): Block[] {
  return [...text.matchAll(block)].map(([whole, kind = '']) => ({ kind, text: whole }));
}

function missing(input: 'certificate' | 'key', wanted: string, blocks: readonly Block[]): string {
  if (blocks.length === 0) return `tls: failed to find any PEM data in ${input} input`;
  const kinds = blocks.map(({ kind }) => kind);
  if (input === 'key' && kinds.length === 1 && kinds[0] === 'CERTIFICATE') {
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  }
  const what = input === 'key' ? `PEM block with type ending in "${wanted}"` : `"${wanted}" PEM block`;
  return `tls: failed to find ${what} in ${input} input after skipping PEM blocks of the following types: [${kinds.join(' ')}]`;
}

function matchProblem(certificate: string, key: string): string {
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificate);
  } catch {
    return 'x509: malformed certificate';
  }
  try {
    const own = createPrivateKey(key);
    if (own.asymmetricKeyType !== parsed.publicKey.asymmetricKeyType) {
      return 'tls: private key type does not match public key type';
    }
    return parsed.checkPrivateKey(own) ? '' : 'tls: private key does not match public key';
  } catch {
    return 'tls: failed to parse private key';
  }
}
