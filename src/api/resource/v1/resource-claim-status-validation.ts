import { FieldPath, isEqualJson, type FieldErrors } from '#machinery';
import { validateConditions } from '../../meta/v1/condition-validation.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type {
  AllocatedDeviceStatus,
  NetworkDeviceData,
  ResourceClaimConsumerReference,
} from './resource-claim-status.ts';
import type { ResourceClaim } from './resource-claim.ts';
import { validateAllocation } from './validation/allocation.ts';
import { validateParameters } from './validation/claims.ts';
import { validateInterfaceAddress } from './validation/interface-address.ts';
import { validateSet } from './validation/lists.ts';
import { validateDriver, validateLabel, validatePoolName, validateUid } from './validation/names.ts';
import { requestNamesOf } from './validation/request-names.ts';

const path = FieldPath.of('status');
const maxConsumers = 256;
const maxConditions = 8;
const maxDataBytes = 10 * 1024;
const maxIps = 16;
const maxInterfaceBytes = 256;
const maxHardwareBytes = 128;

/** The rules of what became of a claim (`pkg/apis/resource/validation/validation.go`). */
export function validateResourceClaimStatus(claim: ResourceClaim, errors: FieldErrors, old: ResourceClaim): void {
  const { allocation, reservedFor, devices } = claim.status;
  const at = path.child('reservedFor');
  validateSet(reservedFor, maxConsumers, validateConsumer, ({ uid }) => uid, errors, at);
  const given = new Set(allocation?.devices.results?.map(deviceKey));
  validateSet(
    devices,
    Infinity,
    (device, all, here) => validateDevice(device, given, all, here),
    deviceKey,
    errors,
    path.child('devices'),
  );
  validateReservations(claim, errors, old);
  if (allocation && old.status.allocation) {
    validateImmutable(allocation, old.status.allocation, errors, path.child('allocation'));
  } else if (allocation) {
    validateAllocation(allocation, requestNamesOf(claim.spec.devices), errors, path.child('allocation'));
  }
}

/** Nobody may use what was not given, and nobody new what is on its way out. */
function validateReservations({ status, metadata }: ResourceClaim, errors: FieldErrors, old: ResourceClaim): void {
  const { reservedFor = [], allocation } = status;
  const at = path.child('reservedFor');
  if (reservedFor.length === 0) return;
  if (!allocation) return errors.forbidden(at, 'may not be specified when `allocated` is not set');
  const before = old.status.reservedFor ?? [];
  const added = reservedFor.filter((one) => !before.some((other) => isEqualJson(one, other)));
  if (metadata.deletionTimestamp === undefined || added.length === 0) return;
  errors.forbidden(at, 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set');
}

function validateConsumer(consumer: ResourceClaimConsumerReference, errors: FieldErrors, path: FieldPath): void {
  for (const field of ['resource', 'name', 'uid'] as const) {
    if (consumer[field] === '') errors.required(path.child(field));
  }
}

/** A device, or a share of one, by driver, pool and name. */
function deviceKey({ driver, pool, device, shareID }: AllocatedDeviceStatus): string {
  return [driver, pool, device, ...(shareID === undefined ? [] : [shareID])].join('/');
}

function validateDevice(
  device: AllocatedDeviceStatus,
  given: ReadonlySet<string>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { driver, pool, device: name, shareID, conditions = [], data, networkData } = device;
  validateDriver(driver, errors, path.child('driver'));
  validatePoolName(pool, errors, path.child('pool'));
  validateLabel(name, errors, path.child('device'));
  if (shareID !== undefined) validateUid(shareID, errors, path.child('shareID'));
  const key = deviceKey(device);
  if (!given.has(key)) errors.invalid(path, key, 'must be an allocated device in the claim');
  if (conditions.length > maxConditions) errors.tooMany(path.child('conditions'), conditions.length, maxConditions);
  validateConditions(conditions, errors, path.child('conditions'));
  if (data !== undefined && data !== null) validateParameters(data, errors, path.child('data'), maxDataBytes);
  if (networkData) validateNetworkData(networkData, errors, path.child('networkData'));
}

function validateNetworkData(
  { interfaceName = '', hardwareAddress = '', ips }: NetworkDeviceData,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (Buffer.byteLength(interfaceName) > maxInterfaceBytes)
    errors.tooLong(path.child('interfaceName'), maxInterfaceBytes);
  if (Buffer.byteLength(hardwareAddress) > maxHardwareBytes) {
    errors.tooLong(path.child('hardwareAddress'), maxHardwareBytes);
  }
  validateSet(ips, maxIps, validateInterfaceAddress, (ip) => ip, errors, path.child('ips'));
}
