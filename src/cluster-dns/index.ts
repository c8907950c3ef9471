/**
 * DNS for Services and pods, after the specification of DNS-based service discovery 1.1.0.
 *
 * A query comes in over UDP or TCP. A name under the cluster's domain, or the reverse name of an address that a Service
 * or a headless endpoint has, is answered with authority from informers of Services, EndpointSlices and Namespaces; any
 * other goes to the upstream that the caller gave. Every node runs one; the Service `kube-dns` leads to them.
 * Not here: a cache of upstream answers, zone transfers, DNSSEC, and reverse names of IPv6 endpoints.
 */
export { ClusterDns, type ClusterDnsOptions } from './cluster-dns.ts';
export { frame, type ListenAddress } from './listen.ts';
export type { Upstream } from './respond.ts';
