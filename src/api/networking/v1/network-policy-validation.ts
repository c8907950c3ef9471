import ipaddr from 'ipaddr.js';
import { FieldPath, isPortName, isPortNumber, type FieldErrors } from '#machinery';
import { validateCidr } from '../../meta/v1/ip-validation.ts';
import { validateLabelSelector } from '../../meta/v1/label-validation.ts';
import type { IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from './network-policy.ts';

const path = FieldPath.of('spec');

/** The rules of network policies (`pkg/apis/networking/validation/validation.go`). */
export function validateNetworkPolicy({ spec }: NetworkPolicy, errors: FieldErrors): void {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec;
  validateLabelSelector(podSelector, errors, path.child('podSelector'));
  for (const [at, { ports, from }] of ingress.entries()) {
    const here = path.child('ingress').index(at);
    validatePorts(ports, errors, here.child('ports'));
    validatePeers(from, errors, here.child('from'));
  }
  for (const [at, { ports, to }] of egress.entries()) {
    const here = path.child('egress').index(at);
    validatePorts(ports, errors, here.child('ports'));
    validatePeers(to, errors, here.child('to'));
  }
  if (policyTypes.length <= 2) return;
  errors.invalid(path.child('policyTypes'), policyTypes, 'may not specify more than two policyTypes');
}

function validatePorts(ports: readonly NetworkPolicyPort[] = [], errors: FieldErrors, path: FieldPath): void {
  for (const [at, port] of ports.entries()) validatePort(port, errors, path.index(at));
}

function validatePort({ port, endPort }: NetworkPolicyPort, errors: FieldErrors, path: FieldPath): void {
  const end = path.child('endPort');
  if (port === undefined) {
    if (endPort !== undefined) errors.invalid(end, endPort, 'may not be specified when `port` is not specified');
  } else if (typeof port === 'string') {
    if (endPort !== undefined) errors.invalid(end, endPort, 'may not be specified when `port` is non-numeric');
    for (const why of isPortName(port)) errors.invalid(path.child('port'), port, why);
  } else {
    for (const why of isPortNumber(port)) errors.invalid(path.child('port'), port, why);
    if (endPort === undefined) return;
    if (endPort < port) errors.invalid(end, port, 'must be greater than or equal to `port`');
    for (const why of isPortNumber(endPort)) errors.invalid(end, endPort, why);
  }
}

function validatePeers(peers: readonly NetworkPolicyPeer[] = [], errors: FieldErrors, path: FieldPath): void {
  for (const [at, peer] of peers.entries()) validatePeer(peer, errors, path.index(at));
}

function validatePeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateLabelSelector(podSelector, errors, path.child('podSelector'));
  validateLabelSelector(namespaceSelector, errors, path.child('namespaceSelector'));
  if (ipBlock) validateBlock(ipBlock, errors, path.child('ipBlock'));
  if (!podSelector && !namespaceSelector && !ipBlock) errors.required(path, 'must specify a peer');
  else if (ipBlock && (podSelector || namespaceSelector)) {
    errors.forbidden(path, 'may not specify both ipBlock and another peer');
  }
}

function validateBlock({ cidr, except = [] }: IPBlock, errors: FieldErrors, path: FieldPath): void {
  if (cidr === '' || !validateCidr(cidr, errors, path.child('cidr'))) return;
  for (const [at, one] of except.entries()) {
    const here = path.child('except').index(at);
    if (!validateCidr(one, errors, here) || isWithin(one, cidr)) continue;
    errors.invalid(here, one, 'must be a strict subset of `cidr`');
  }
}

/** Whether a range is a part of another, and smaller. */
function isWithin(cidr: string, whole: string): boolean {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  const [network, length] = ipaddr.parseCIDR(whole);
  return address.kind() === network.kind() && bits > length && address.match(network, length);
}
