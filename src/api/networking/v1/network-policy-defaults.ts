import type { NetworkPolicy, NetworkPolicyPort } from './network-policy.ts';

/** Fills in what a policy leaves unsaid (`pkg/apis/networking/v1/defaults.go`). */
export function setNetworkPolicyDefaults({ spec }: NetworkPolicy): void {
  const { ingress = [], egress = [], policyTypes = [] } = spec;
  for (const { ports = [] } of [...ingress, ...egress]) for (const port of ports) setProtocol(port);
  if (policyTypes.length > 0) return;
  spec.policyTypes = egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function setProtocol(port: NetworkPolicyPort): void {
  port.protocol ??= 'TCP';
}
