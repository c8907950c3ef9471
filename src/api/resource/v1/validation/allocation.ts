import type { FieldErrors, FieldPath } from '#machinery';
import { validateNodeSelector } from '../../../core/v1/validation/affinity.ts';
import type {
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceRequestAllocationResult,
} from '../allocation-result.ts';
import { maxConfigs, validateConfiguration } from './claims.ts';
import { validateSlice } from './lists.ts';
import { validateDriver, validateLabel, validatePoolName, validateUid } from './names.ts';
import { maxRequests, validateRequestName, validateRequestNames } from './request-names.ts';
import { validateBindingConditions, validateTolerations } from './taints.ts';

const sources = ['FromClaim', 'FromClass'];

/** What a claim was given. */
export function validateAllocation(
  { devices: { results, config }, nodeSelector }: AllocationResult,
  names: ReadonlySet<string>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const at = path.child('devices');
  const one = (result: DeviceRequestAllocationResult, all: FieldErrors, here: FieldPath): void =>
    validateResult(result, names, all, here);
  validateSlice(results, maxRequests, one, errors, at.child('results'));
  const setting = (given: DeviceAllocationConfiguration, all: FieldErrors, here: FieldPath): void =>
    validateGivenConfig(given, names, all, here);
  validateSlice(config, 2 * maxConfigs, setting, errors, at.child('config'));
  if (nodeSelector) validateNodeSelector(nodeSelector, errors, path.child('nodeSelector'));
}

function validateResult(
  result: DeviceRequestAllocationResult,
  names: ReadonlySet<string>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { request, driver, pool, device, tolerations, shareID } = result;
  validateRequestName(request, names, errors, path.child('request'));
  validateDriver(driver, errors, path.child('driver'));
  validatePoolName(pool, errors, path.child('pool'));
  validateLabel(device, errors, path.child('device'));
  validateBindingConditions(result, errors, path);
  validateTolerations(tolerations, errors, path.child('tolerations'));
  if (shareID !== undefined) validateUid(shareID, errors, path.child('shareID'));
}

function validateGivenConfig(
  given: DeviceAllocationConfiguration,
  names: ReadonlySet<string>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const source: string = given.source;
  if (source === '') errors.required(path.child('source'));
  else if (!sources.includes(source)) errors.notSupported(path.child('source'), source, sources);
  validateRequestNames(given.requests, names, errors, path.child('requests'));
  validateConfiguration(given, errors, path);
}
