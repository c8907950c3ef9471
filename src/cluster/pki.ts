import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyedMutex, readTextIfExists, waitForLock, writeFileAtomic, type Clock } from '#base';
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
  readonly #making = new KeyedMutex();

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

  /** The authority of etcd, and of nobody else: who has a certificate of the cluster's is no client of etcd for that. */
  etcdCa(): Promise<KeyPair> {
    return this.#keep('etcd-ca', () => createCa({ commonName: 'etcd-ca', days: caDays, now: this.#clock.now() }));
  }

  /** What a member of etcd shows to clients and to other members, whose client it is. */
  etcdMember(name: string, ip: string): Promise<KeyPair> {
    const names = { commonName: name, dnsNames: ['localhost', name], ipAddresses: [ip, '127.0.0.1'] };
    return this.#issue(`etcd-${name}`, { ...names, usages: ['server', 'client'] }, this.etcdCa());
  }

  /** Who an API server is to etcd. */
  etcdClient(): Promise<KeyPair> {
    return this.#issue(
      'apiserver-etcd-client',
      { commonName: 'kube-apiserver-etcd-client', usages: ['client'] },
      this.etcdCa(),
    );
  }

  /** Whom kube-proxy and the cluster's DNS are to the API server. */
  component(user: string): Promise<KeyPair> {
    return this.#issue(user.replaceAll(':', '-'), { commonName: user, usages: ['client'] });
  }

  /** The key that signs the tokens of service accounts, as PEM (PKCS 8, P-256: an RSA key takes long to make). */
  async serviceAccountKey(): Promise<string> {
    const path = this.#file('sa.key');
    const known = (): Promise<string | undefined> => readTextIfExists(path);
    return (await known()) || this.#alone(async () => (await known()) || this.#makeTokenKey(path));
  }

  async #makeTokenKey(path: string): Promise<string> {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFileAtomic(path, pem, 0o600);
    return pem;
  }

  async #issue(
    name: string,
    request: Omit<CertificateRequest, 'days' | 'now'>,
    authority: Promise<KeyPair> = this.ca(),
  ): Promise<KeyPair> {
    const ca = await authority;
    const validity = { days: leafDays, now: this.#clock.now() };
    const make = (): Promise<KeyPair> => issueCertificate(ca, { ...request, ...validity });
    return this.#keep(name, make, (certificate) => isFor(certificate, ca, request.ipAddresses ?? []));
  }

  #keep(
    name: string,
    make: () => Promise<KeyPair>,
    isWanted: (certificate: X509Certificate) => boolean = () => true,
  ): Promise<KeyPair> {
    const known = this.#pairs.get(name);
    if (known) return known;
    const pair = this.#readOrMake(name, make, isWanted);
    this.#pairs.set(name, pair);
    return pair;
  }

  /** The pair on disk while it is good for another month, and what is wanted; else a new one. */
  async #readOrMake(
    name: string,
    make: () => Promise<KeyPair>,
    isWanted: (certificate: X509Certificate) => boolean,
  ): Promise<KeyPair> {
    const good = async (): Promise<KeyPair | undefined> => {
      const pair = await this.#read(name);
      return pair && this.#isGood(pair) && isWanted(new X509Certificate(pair.certPem)) ? pair : undefined;
    };
    return (await good()) ?? this.#alone(async () => (await good()) ?? this.#write(name, await make()));
  }

  /** One process makes certificates at a time: the agents of all nodes share some of them. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#making.run(this.#directory, async () => {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await using _lock = await waitForLock(this.#directory, this.#clock);
      return await work();
    });
  }

  async #read(name: string): Promise<KeyPair | undefined> {
    const [certPem, keyPem] = await Promise.all([
      readTextIfExists(this.#file(`${name}.crt`)),
      readTextIfExists(this.#file(`${name}.key`)),
    ]);
    return certPem && keyPem ? { certPem, keyPem } : undefined;
  }

  async #write(name: string, pair: KeyPair): Promise<KeyPair> {
    await writeFileAtomic(this.#file(`${name}.key`), pair.keyPem, 0o600);
    await writeFileAtomic(this.#file(`${name}.crt`), pair.certPem, 0o644);
    return pair;
  }

  /** A crash may have come between the two files: then they do not belong together. */
  #isGood({ certPem, keyPem }: KeyPair): boolean {
    const certificate = new X509Certificate(certPem);
    const restMs = certificate.validToDate.getTime() - this.#clock.now();
    return restMs > renewBeforeMs && certificate.checkPrivateKey(createPrivateKey(keyPem));
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

function isFor(certificate: X509Certificate, ca: KeyPair, ipAddresses: readonly string[]): boolean {
  const isOurs = certificate.verify(new X509Certificate(ca.certPem).publicKey);
  return isOurs && ipAddresses.every((ip) => certificate.checkIP(ip) !== undefined);
}
