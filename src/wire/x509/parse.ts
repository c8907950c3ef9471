import { X509Certificate } from 'node:crypto';
import type { KeyUsage, Subject } from './issue.ts';

export interface ParsedCertificate extends Required<Subject> {
  issuer: string;
  serialNumber: string;
  /** Milliseconds since 1970. */
  notBefore: number;
  notAfter: number;
  isCa: boolean;
  /** What its extended key usage names; empty when it has none, which means any. */
  usages: KeyUsage[];
  /** SHA-256, lower-case hex. */
  fingerprint: string;
}

const usageOids: Record<string, KeyUsage> = { '1.3.6.1.5.5.7.3.1': 'server', '1.3.6.1.5.5.7.3.2': 'client' };

/** Reads a certificate; of PEM with several, the first. Throws when there is none. */
export function parseCertificate(certificate: string | Buffer | X509Certificate): ParsedCertificate {
  const x509 = certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
  // The legacy object has the names decoded and apart; the strings of the new interface are made for reading.
  const legacy = x509.toLegacyObject();
  const names = alternativeNames(x509.subjectAltName ?? '');
  return {
    commonName: listOf(legacy.subject.CN).at(-1) ?? '', // Go, too, takes the last
    organizations: listOf(legacy.subject.O),
    dnsNames: names.filter(([type]) => type === 'DNS').map(([, value]) => value),
    ipAddresses: names.filter(([type]) => type === 'IP Address').map(([, value]) => value),
    issuer: listOf(legacy.issuer.CN).at(-1) ?? '',
    serialNumber: x509.serialNumber.toLowerCase(),
    notBefore: x509.validFromDate.getTime(),
    notAfter: x509.validToDate.getTime(),
    isCa: x509.ca,
    usages: (x509.keyUsage ?? []).map((oid) => usageOids[oid]).filter((usage) => usage !== undefined),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** Every certificate of a PEM bundle. */
export function splitPem(bundle: string): string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

function listOf(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** `DNS:a, IP Address:10.0.0.1, DNS:"b\u002c c"`: a value that could be mistaken for two is a JSON string. */
function alternativeNames(text: string): [string, string][] {
  const pattern = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g;
  return [...text.matchAll(pattern)].map(([, type = '', value = '']) => [
    type,
    value.startsWith('"') ? String(JSON.parse(value)) : value,
  ]);
}
