import { FieldPath, isDns1123Label, isDns1123Subdomain, isPortNumber, type FieldErrors } from '#machinery';
import { validateIp, validateReachableIp } from '../../meta/v1/ip-validation.ts';
import { validateQualifiedName } from '../../meta/v1/label-validation.ts';
import type { EndpointAddress, EndpointPort, Endpoints } from './endpoints.ts';

/** The rules of endpoints (`pkg/apis/core/validation/validation.go`). */
export function validateEndpoints({ subsets = [] }: Endpoints, errors: FieldErrors): void {
  for (const [at, { addresses = [], notReadyAddresses = [], ports = [] }] of subsets.entries()) {
    const path = FieldPath.of('subsets').index(at);
    if (addresses.length + notReadyAddresses.length === 0) {
      errors.required(path, 'must specify `addresses` or `notReadyAddresses`');
    }
    for (const [index, one] of addresses.entries()) validateAddress(one, errors, path.child('addresses').index(index));
    for (const [index, one] of notReadyAddresses.entries()) {
      validateAddress(one, errors, path.child('notReadyAddresses').index(index));
    }
    for (const [index, one] of ports.entries()) {
      validatePort(one, ports.length > 1, errors, path.child('ports').index(index));
    }
  }
}

function validateAddress({ ip, hostname, nodeName }: EndpointAddress, errors: FieldErrors, path: FieldPath): void {
  validateIp(ip, errors, path.child('ip'));
  if (hostname) for (const why of isDns1123Label(hostname)) errors.invalid(path.child('hostname'), hostname, why);
  if (nodeName !== undefined) {
    for (const why of isDns1123Subdomain(nodeName)) errors.invalid(path.child('nodeName'), nodeName, why);
  }
  validateReachableIp(ip, errors, path.child('ip'));
}

function validatePort(
  { name, port, appProtocol }: EndpointPort,
  needsName: boolean,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (name) for (const why of isDns1123Label(name)) errors.invalid(path.child('name'), name, why);
  else if (needsName) errors.required(path.child('name'));
  for (const why of isPortNumber(port)) errors.invalid(path.child('port'), port, why);
  if (appProtocol !== undefined) validateQualifiedName(appProtocol, errors, path.child('appProtocol'));
}
