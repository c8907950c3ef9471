import { createPublicKey, randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { systemClock } from '#base';
import { generateKeys, privateKeyPem, signerOf, verifierOf, type KeyPair } from './keys.ts';
import { library, type Library } from './library.ts';

const dayMs = 86_400_000;
/** Certificates are valid from a little before they are made: clocks of peers may be behind. */
const backdateMs = 5 * 60_000;

export type KeyUsage = 'server' | 'client';

/** Who a certificate is for. */
export interface Subject {
  commonName: string;
  organizations?: readonly string[];
  dnsNames?: readonly string[];
  ipAddresses?: readonly string[];
}

export interface Validity {
  /** Days from now; default one year (a CA: ten). */
  days?: number;
  /** Milliseconds since 1970; default the machine's clock. */
  now?: number;
}

export interface CertificateRequest extends Subject, Validity {
  /** What the certificate may be used for; default both. */
  usages?: readonly KeyUsage[];
}

/** A new certificate authority that signs itself, with a P-256 key. */
export async function createCa(options: { commonName: string } & Validity): Promise<KeyPair> {
  const x509 = await library();
  const { privateKey, publicKey } = await generateKeys();
  const { key, algorithm } = signerOf(privateKey);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: nameOf(x509, options),
    keys: { privateKey: key, publicKey: verifierOf(publicKey) },
    signingAlgorithm: algorithm,
    ...validityOf({ days: 3650, ...options }),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(verifierOf(publicKey)),
      ...alternativeNames(x509, { dnsNames: [options.commonName] }),
    ],
  });
  return { certPem: pemOf(certificate), keyPem: privateKeyPem(privateKey) };
}

/** A certificate signed by `ca`, with a new P-256 key. */
export async function issueCertificate(ca: KeyPair, request: CertificateRequest): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeys();
  const certPem = await sign(ca, verifierOf(publicKey), request);
  return { certPem, keyPem: privateKeyPem(privateKey) };
}

/** Signs someone's public key under `ca`. The certificate's PEM. */
export async function sign(ca: KeyPair, publicKey: webcrypto.CryptoKey, request: CertificateRequest): Promise<string> {
  const x509 = await library();
  const issuer = new x509.X509Certificate(ca.certPem);
  const { key, algorithm } = signerOf(ca.keyPem);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: nameOf(x509, request),
    issuer: issuer.subjectName,
    publicKey,
    signingKey: key,
    signingAlgorithm: algorithm,
    ...validityOf({ days: 365, ...request }),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension(extendedUsages(x509, request.usages)),
      await x509.AuthorityKeyIdentifierExtension.create(verifierOf(createPublicKey(ca.certPem))),
      ...alternativeNames(x509, request),
    ],
  });
  return pemOf(certificate);
}

/** Organizations first, each in a set of its own, then the common name: the order that Go writes. */
export function nameOf(x509: Library, { commonName, organizations = [] }: Subject): InstanceType<Library['Name']> {
  return new x509.Name([...organizations.map((name) => ({ O: [name] })), { CN: [commonName] }]);
}

export function alternativeNames(
  x509: Library,
  { dnsNames = [], ipAddresses = [] }: Omit<Subject, 'commonName'>,
): InstanceType<Library['SubjectAlternativeNameExtension']>[] {
  for (const address of ipAddresses) if (!isIP(address)) throw new Error(`not an IP address: ${address}`);
  const names = [
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...ipAddresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
}

function extendedUsages(x509: Library, usages: readonly KeyUsage[] = ['server', 'client']): string[] {
  const names = { server: x509.ExtendedKeyUsage.serverAuth, client: x509.ExtendedKeyUsage.clientAuth };
  return usages.map((usage) => names[usage]);
}

function validityOf({ days = 365, now = systemClock.now() }: Validity): {
  serialNumber: string;
  notBefore: Date;
  notAfter: Date;
} {
  // 127 random bits; the first byte below 0x80 keeps the number positive, and not 0 keeps its length.
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const notBefore = new Date(now - backdateMs);
  return { serialNumber: serial.toString('hex'), notBefore, notAfter: new Date(now + days * dayMs) };
}

function pemOf(certificate: { toString(format: 'pem'): string }): string {
  return `${certificate.toString('pem')}\n`;
}
