import type { RequestedSubject } from './authority.ts';

type Check = (csr: RequestedSubject, usages: ReadonlySet<string>) => string | undefined;

/** What the cluster's authority signs, and what it takes from each signer's requests: a reason for those that it does not. */
export const signers: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['kubernetes.io/kube-apiserver-client', (_, usages) => clientUsages(usages)],
  ['kubernetes.io/kube-apiserver-client-kubelet', kubeletClient],
  ['kubernetes.io/kubelet-serving', kubeletServing],
]);

/** `validAPIServerClientUsages` (`pkg/controller/certificates/signer/signer.go`). */
function clientUsages(usages: ReadonlySet<string>): string | undefined {
  const strange = [...usages].find(
    (usage) => !['digital signature', 'key encipherment', 'client auth'].includes(usage),
  );
  if (strange !== undefined) return `invalid usage for client certificate: ${strange}`;
  return usages.has('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}

/** `ValidateKubeletClientCSR` (`pkg/apis/certificates/helpers.go`). */
function kubeletClient(csr: RequestedSubject, usages: ReadonlySet<string>): string | undefined {
  if (!isOfNodes(csr)) return 'subject organization is not system:nodes';
  if (csr.dnsNames.length > 0) return 'DNS subjectAltNames are not allowed';
  if (csr.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (csr.ipAddresses.length > 0) return 'IP subjectAltNames are not allowed';
  if (csr.uris.length > 0) return 'URI subjectAltNames are not allowed';
  return nameOfNode(csr) ?? exactUsages(usages, 'client auth');
}

/** `ValidateKubeletServingCSR`: who serves has names, and only those of a host. */
function kubeletServing(csr: RequestedSubject, usages: ReadonlySet<string>): string | undefined {
  if (!isOfNodes(csr)) return 'subject organization is not system:nodes';
  if (csr.dnsNames.length === 0 && csr.ipAddresses.length === 0) return 'DNS or IP subjectAltName is required';
  if (csr.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (csr.uris.length > 0) return 'URI subjectAltNames are not allowed';
  return exactUsages(usages, 'server auth') ?? nameOfNode(csr);
}

function isOfNodes({ organizations }: RequestedSubject): boolean {
  return organizations.length === 1 && organizations[0] === 'system:nodes';
}

function nameOfNode({ commonName }: RequestedSubject): string | undefined {
  return commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:';
}

/** These and no others; keys that are not RSA encipher nothing. */
function exactUsages(usages: ReadonlySet<string>, auth: string): string | undefined {
  const wanted = new Set(['digital signature', 'key encipherment', auth]);
  const isExact = usages.isSubsetOf(wanted) && usages.has('digital signature') && usages.has(auth);
  return isExact ? undefined : `usages did not match [${[...wanted].sort().join(' ')}]`;
}
