import { BlockList, isIPv6 } from 'node:net';

/** What the API server must not be led to by what somebody wrote into a status: itself, and its link's neighbours. */
const refused = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 32],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['255.255.255.255', 32],
] as const)
  refused.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  refused.addSubnet(net, prefix, 'ipv6');

/** Go's `IP.IsGlobalUnicast`, of an address that is one. */
export function isGlobalUnicast(ip: string): boolean {
  return !refused.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}
