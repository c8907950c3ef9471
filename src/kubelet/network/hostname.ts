import type { Pod } from '#api';

/** Linux keeps host names to 64 bytes, with the closing zero. */
const maxHostname = 63;

/** The host name of a pod and the domain under its subdomain ('' without one); `hostNetwork` pods bear the node's name. */
export function podHostname(pod: Pod, clusterDomain: string, nodeName: string): { hostname: string; domain: string } {
  if (pod.spec.hostnameOverride) return { hostname: pod.spec.hostnameOverride, domain: '' };
  const hostname = pod.spec.hostname ?? truncate(pod.metadata.name ?? '');
  const subdomain = pod.spec.subdomain;
  const domain = subdomain ? `${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}` : '';
  if (pod.spec.hostNetwork && !pod.spec.hostname) return { hostname: nodeName, domain };
  return { hostname, domain };
}

/**
 * What `hostname` prints inside: the fully qualified name with `setHostnameAsFQDN`.
 * @throws Error when that is longer than Linux takes
 */
export function kernelHostname(pod: Pod, clusterDomain: string, nodeName: string): string {
  const { hostname, domain } = podHostname(pod, clusterDomain, nodeName);
  if (!pod.spec.setHostnameAsFQDN || domain === '') return hostname;
  const full = `${hostname}.${domain}`;
  if (full.length > maxHostname) {
    throw new Error(
      `failed to construct FQDN from pod hostname and cluster domain, FQDN ${full} is too long (64 characters is the max, ${full.length} characters requested)`,
    );
  }
  return full;
}

function truncate(name: string): string {
  return name.length <= maxHostname ? name : name.slice(0, maxHostname).replace(/[-.]+$/, '');
}
