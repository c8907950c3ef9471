import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { readTextIfExists, writeFileAtomic, type Clock } from '#base';
import { createCa, issueCertificate, type CertificateRequest, type KeyPair } from '#wire';

/** A certificate authority lives ten years, what it signs a year, as with kubeadm; `kedge up` renews what runs out. */
const caDays = 3650;
const leafDays = 365;
const renewBeforeMs = 30 * 24 * 3600 * 1000;

/** The certificates and keys of a cluster, made once and kept in a folder that only its owner reads. */
export class Pki {
  readonly #directory: string;
  readonly #clock: Clock;
  /** One making of each pair, however many ask at once. */
  readonly #pairs = new Map<string, Promise<KeyPair>>();

  constructor(options: { directory: string; clock: Clock }) {
    this.#directory = options.directory;
    this.#clock = options.clock;
  }

  /** The authority that signs everything of the cluster. */
  ca(): Promise<KeyPair> {
    return this.#keep('ca', () => createCa({ commonName: 'kubernetes-ca', days: caDays, now: this.#clock.now() }));
  }

  /** What the API server shows, for these names and addresses. */
  apiServer(dnsNames: string[], ipAddresses: string[]): Promise<KeyPair> {
    return this.#issue('apiserver', { commonName: 'kube-apiserver', dnsNames, ipAddresses, usages: ['server'] });
  }

  /** What the API server shows to kubelets. */
  kubeletClient(): Promise<KeyPair> {
    return this.#issue('apiserver-kubelet-client', {
      commonName: 'kube-apiserver-kubelet-client',
      organizations: ['kubeadm:cluster-admins'],
      usages: ['client'],
    });
  }

  /** The user that the kubeconfig names: in the group that every authorizer lets through. */
  admin(): Promise<KeyPair> {
    return this.#issue('admin', {
      commonName: 'kubernetes-admin',
      organizations: ['system:masters'],
      usages: ['client'],
    });
  }

  /** Whom a node is to the API server. */
  node(name: string): Promise<KeyPair> {
    const subject = { commonName: `system:node:${name}`, organizations: ['system:nodes'] };
    return this.#issue(`node-${name}`, { ...subject, usages: ['client'] });
  }

  /** What the kubelet of a node shows. */
  kubelet(name: string, ip: string): Promise<KeyPair> {
    const subject = { commonName: `system:node:${name}`, organizations: ['system:nodes'] };
    return this.#issue(`kubelet-${name}`, { ...subject, dnsNames: [name], ipAddresses: [ip], usages: ['server'] });
  }

  /** Whom kube-proxy and the cluster's DNS are to the API server. */
  component(user: string): Promise<KeyPair> {
    return this.#issue(user.replaceAll(':', '-'), { commonName: user, usages: ['client'] });
  }

  /** The key that signs the tokens of service accounts, as PEM (PKCS 8, RSA 2048). */
  async serviceAccountKey(): Promise<string> {
    const path = join(this.#directory, 'sa.key');
    const known = await readTextIfExists(path);
    if (known) return known;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFileAtomic(path, pem, 0o600);
    return pem;
  }

  async #issue(name: string, request: Omit<CertificateRequest, 'days' | 'now'>): Promise<KeyPair> {
    const ca = await this.ca();
    const validity = { days: leafDays, now: this.#clock.now() };
    return this.#keep(name, () => issueCertificate(ca, { ...request, ...validity }), request.ipAddresses);
  }

  #keep(name: string, make: () => Promise<KeyPair>, ipAddresses: readonly string[] = []): Promise<KeyPair> {
    const known = this.#pairs.get(name);
    if (known) return known;
    const pair = this.#readOrMake(name, make, ipAddresses);
    this.#pairs.set(name, pair);
    return pair;
  }

  /** The pair on disk while it is good for another month and for all addresses; else a new one. */
  async #readOrMake(name: string, make: () => Promise<KeyPair>, ipAddresses: readonly string[]): Promise<KeyPair> {
    const [certFile, keyFile] = [join(this.#directory, `${name}.crt`), join(this.#directory, `${name}.key`)];
    const [certPem, keyPem] = await Promise.all([readTextIfExists(certFile), readTextIfExists(keyFile)]);
    if (certPem && keyPem && this.#isGood(certPem, ipAddresses)) return { certPem, keyPem };
    const made = await make();
    await writeFileAtomic(keyFile, made.keyPem, 0o600);
    await writeFileAtomic(certFile, made.certPem, 0o644);
    return made;
  }

  #isGood(certPem: string, ipAddresses: readonly string[]): boolean {
    const certificate = new X509Certificate(certPem);
    const expires = certificate.validToDate.getTime();
    return (
      expires - this.#clock.now() > renewBeforeMs && ipAddresses.every((ip) => certificate.checkIP(ip) !== undefined)
    );
  }
}
