import { FieldPath, type Warnings } from '#machinery';
import { warnOfCidr } from '../../meta/v1/ip-warnings.ts';
import type { NetworkPolicy, NetworkPolicyPeer } from './network-policy.ts';

const path = FieldPath.of('spec');

/** Ranges of addresses that could be shorter. */
export function warnOfNetworkPolicy({ spec }: NetworkPolicy, warnings: Warnings): void {
  for (const [at, { from }] of (spec.ingress ?? []).entries()) {
    warnOfPeers(from, warnings, path.child('ingress').index(at).child('from'));
  }
  for (const [at, { to }] of (spec.egress ?? []).entries()) {
    warnOfPeers(to, warnings, path.child('egress').index(at).child('to'));
  }
}

function warnOfPeers(peers: readonly NetworkPolicyPeer[] = [], warnings: Warnings, at: FieldPath): void {
  for (const [index, { ipBlock }] of peers.entries()) {
    if (!ipBlock) continue;
    const here = at.index(index).child('ipBlock');
    warnOfCidr(ipBlock.cidr, warnings, here.child('cidr'));
    for (const [position, one] of (ipBlock.except ?? []).entries()) {
      warnOfCidr(one, warnings, here.child('except').index(position));
    }
  }
}
