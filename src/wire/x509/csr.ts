import { isIP } from 'node:net';
import { generateKeys, privateKeyPem, signerOf, verifierOf, type KeyPair } from './keys.ts';
import { alternativeNames, nameOf, sign, type KeyUsage, type Subject, type Validity } from './issue.ts';
import { library } from './library.ts';

/** What a certificate signing request asks for. */
export interface ParsedCsr extends Required<Subject> {
  emailAddresses: string[];
  uris: string[];
}

/** A PKCS #10 request with a new P-256 key. */
export async function createCsr(subject: Subject): Promise<{ csrPem: string; keyPem: string }> {
  const x509 = await library();
  const { privateKey, publicKey } = await generateKeys();
  const { key, algorithm } = signerOf(privateKey);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: nameOf(x509, subject),
    keys: { privateKey: key, publicKey: verifierOf(publicKey) },
    signingAlgorithm: algorithm,
    extensions: alternativeNames(x509, subject),
  });
  return { csrPem: `${request.toString('pem')}\n`, keyPem: privateKeyPem(privateKey) };
}

/** What the request asks for. Throws when it is no request, or is not signed with its own key. */
export async function parseCsr(csrPem: string): Promise<ParsedCsr> {
  return (await verified(csrPem)).parsed;
}

/**
 * Grants a request as it stands: its subject and alternative names go into the certificate, so look at `parseCsr`
 * before. Throws when it is no request, or is not signed with its own key.
 */
export async function signCsr(
  ca: KeyPair,
  csrPem: string,
  options: Validity & { usages?: readonly KeyUsage[] } = {},
): Promise<string> {
  const { parsed, publicKey } = await verified(csrPem);
  return sign(ca, await publicKey.export(), { ...parsed, ...options });
}

const subjectAlternativeName = '2.5.29.17';

type Csr = InstanceType<Awaited<ReturnType<typeof library>>['Pkcs10CertificateRequest']>;

async function verified(csrPem: string): Promise<{ parsed: ParsedCsr; publicKey: Csr['publicKey'] }> {
  const x509 = await library();
  let request: Csr;
  try {
    request = new x509.Pkcs10CertificateRequest(csrPem);
  } catch (error) {
    throw new Error('not a certificate signing request', { cause: error });
  }
  if (!(await request.verify().catch(() => false))) throw new Error('the request is not signed with its own key');
  // The request's own list has the extension raw: it is read here.
  const raw = request.getExtension(subjectAlternativeName)?.rawData;
  const names = raw ? new x509.SubjectAlternativeNameExtension(raw).names.items : [];
  const ofType = (type: string): string[] => names.filter((name) => name.type === type).map((name) => name.value);
  const parsed: ParsedCsr = {
    commonName: request.subjectName.getField('CN')[0] ?? '',
    organizations: request.subjectName.getField('O'),
    dnsNames: ofType('dns'),
    ipAddresses: ofType('ip').filter((address) => isIP(address)),
    emailAddresses: ofType('email'),
    uris: ofType('url'),
  };
  return { parsed, publicKey: request.publicKey };
}
