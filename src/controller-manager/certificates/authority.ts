/** Whom a request names, and under which names it is to be reached. */
export interface RequestedSubject {
  commonName: string;
  organizations: readonly string[];
  dnsNames: readonly string[];
  ipAddresses: readonly string[];
  emailAddresses: readonly string[];
  uris: readonly string[];
}

export interface SigningOptions {
  /** What the certificate is good for. */
  usages: readonly ('server' | 'client')[];
  /** For how long, from `nowMs` on. */
  seconds: number;
  nowMs: number;
}

/** Reads certificate requests and grants them. It has the key of the cluster's authority, which controllers do not see. */
export interface CertificateAuthority {
  /** What a PKCS #10 request in PEM asks for. Throws when it is none, or is not signed with its own key. */
  parse(csrPem: string): Promise<RequestedSubject>;
  /** A certificate for the request as it stands, in PEM. */
  sign(csrPem: string, options: SigningOptions): Promise<string>;
}
