import { isIPv6 } from 'node:net';
import { FieldPath, isDns1123Label, isDns1123Subdomain, isValidLabelValue, type FieldErrors } from '#machinery';
import { validateIp, validateReachableIp } from '../../meta/v1/ip-validation.ts';
import { validateDomainName, validateLabels, validateQualifiedName } from '../../meta/v1/label-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from './endpoint-slice.ts';

const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 20_000;
const maxTopologyLabels = 16;
const maxHints = 8;

/** The rules of endpoint slices (`pkg/apis/discovery/validation/validation.go`). */
export function validateEndpointSlice(slice: EndpointSlice, errors: FieldErrors, old?: EndpointSlice): void {
  const endpoints = slice.endpoints ?? [];
  const ports = slice.ports ?? [];
  if (old) validateImmutable(slice.addressType, old.addressType, errors, FieldPath.of('addressType'));
  if (ports.length > maxPorts) errors.tooMany(FieldPath.of('ports'), ports.length, maxPorts);
  else validatePorts(ports, errors, FieldPath.of('ports'));
  if (endpoints.length > maxEndpoints) errors.tooMany(FieldPath.of('endpoints'), endpoints.length, maxEndpoints);
  else for (const [at, one] of endpoints.entries()) validateEndpoint(one, slice, errors, at);
}

function validateEndpoint(endpoint: Endpoint, slice: EndpointSlice, errors: FieldErrors, index: number): void {
  const path = FieldPath.of('endpoints').index(index);
  const { addresses, nodeName, hostname, hints, deprecatedTopology = {} } = endpoint;
  const at = path.child('addresses');
  if (addresses.length === 0) errors.required(at, 'must contain at least 1 address');
  else if (addresses.length > maxAddresses) errors.tooMany(at, addresses.length, maxAddresses);
  for (const [position, address] of addresses.entries()) validateAddress(address, slice, errors, at, position);
  if (nodeName !== undefined) {
    for (const why of isDns1123Subdomain(nodeName)) errors.invalid(path.child('nodeName'), nodeName, why);
  }
  const topology = path.child('deprecatedTopology');
  const labels = Object.keys(deprecatedTopology).length;
  if (labels > maxTopologyLabels) errors.tooMany(topology, labels, maxTopologyLabels);
  validateLabels(deprecatedTopology, errors, topology);
  if (hostname !== undefined) {
    for (const why of isDns1123Label(hostname)) errors.invalid(path.child('hostname'), hostname, why);
  }
  validateHints(hints?.forZones, isValidLabelValue, errors, path.child('hints', 'forZones'));
  validateHints(hints?.forNodes, isDns1123Subdomain, errors, path.child('hints', 'forNodes'));
}

/** Who should use an endpoint, each once. */
function validateHints(
  hints: readonly { name: string }[] = [],
  check: (name: string) => readonly string[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (hints.length > maxHints) return errors.tooMany(path, hints.length, maxHints);
  for (const [at, { name }] of hints.entries()) {
    const here = path.index(at).child('name');
    if (hints.slice(0, at).some((one) => one.name === name)) errors.duplicate(here, name);
    for (const why of check(name)) errors.invalid(here, name, why);
  }
}

function validateAddress(
  address: string,
  slice: EndpointSlice,
  errors: FieldErrors,
  path: FieldPath,
  at: number,
): void {
  const { addressType } = slice;
  if (addressType === 'FQDN') return validateDomainName(address, errors, path.index(at));
  // Of an unknown type, which is told elsewhere, nothing is known.
  if (addressType !== 'IPv4' && addressType !== 'IPv6') return;
  if (!validateIp(address, errors, path.index(at))) return;
  if (isIPv6(address) !== (addressType === 'IPv6')) errors.invalid(path, address, `must be an ${addressType} address`);
  validateReachableIp(address, errors, path.index(at));
}

function validatePorts(ports: readonly EndpointPort[], errors: FieldErrors, path: FieldPath): void {
  const taken = new Set<string>();
  for (const [at, { name = '', protocol, appProtocol }] of ports.entries()) {
    const here = path.index(at);
    if (name !== '') for (const why of isDns1123Label(name)) errors.invalid(here.child('name'), name, why);
    if (taken.has(name)) errors.duplicate(here.child('name'), name);
    taken.add(name);
    if (protocol === undefined) errors.required(here.child('protocol'));
    if (appProtocol !== undefined) validateQualifiedName(appProtocol, errors, here.child('appProtocol'));
  }
}
