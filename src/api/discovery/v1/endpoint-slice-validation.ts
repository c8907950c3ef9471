import { isIPv4, isIPv6 } from 'node:net';
import { FieldPath, isDns1123Label, isDns1123Subdomain, type FieldErrors } from '#machinery';
import { validateReachableIp } from '../../meta/v1/ip-validation.ts';
import { validateQualifiedName } from '../../meta/v1/label-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from './endpoint-slice.ts';

const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 20_000;

/** The rules of endpoint slices (`pkg/apis/discovery/validation/validation.go`). */
export function validateEndpointSlice(slice: EndpointSlice, errors: FieldErrors, old?: EndpointSlice): void {
  const endpoints = slice.endpoints ?? [];
  const ports = slice.ports ?? [];
  if (old) validateImmutable(slice.addressType, old.addressType, errors, FieldPath.of('addressType'));
  if (endpoints.length > maxEndpoints) errors.tooMany(FieldPath.of('endpoints'), endpoints.length, maxEndpoints);
  else for (const [at, one] of endpoints.entries()) validateEndpoint(one, slice, errors, at);
  if (ports.length > maxPorts) errors.tooMany(FieldPath.of('ports'), ports.length, maxPorts);
  else validatePorts(ports, errors, FieldPath.of('ports'));
}

function validateEndpoint(endpoint: Endpoint, slice: EndpointSlice, errors: FieldErrors, index: number): void {
  const path = FieldPath.of('endpoints').index(index);
  const { addresses, nodeName, hostname } = endpoint;
  const at = path.child('addresses');
  if (addresses.length === 0) errors.required(at, 'must contain at least 1 address');
  else if (addresses.length > maxAddresses) errors.tooMany(at, addresses.length, maxAddresses);
  for (const [position, address] of addresses.entries()) validateAddress(address, slice, errors, at.index(position));
  if (nodeName !== undefined) {
    for (const why of isDns1123Subdomain(nodeName)) errors.invalid(path.child('nodeName'), nodeName, why);
  }
  if (hostname === undefined) return;
  for (const why of isDns1123Label(hostname)) errors.invalid(path.child('hostname'), hostname, why);
}

function validateAddress(address: string, slice: EndpointSlice, errors: FieldErrors, path: FieldPath): void {
  if (slice.addressType === 'FQDN') {
    for (const why of isDns1123Subdomain(address.replace(/\.$/, ''))) errors.invalid(path, address, why);
    return;
  }
  const isFamily = slice.addressType === 'IPv6' ? isIPv6 : isIPv4;
  if (!isFamily(address)) errors.invalid(path, address, `must be a valid ${slice.addressType} address`);
  else validateReachableIp(address, errors, path);
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
