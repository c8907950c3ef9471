import { isDns1123Subdomain, type FieldErrors, type FieldPath } from '#machinery';
import type { DeviceRequest, DeviceSelector, DeviceSubRequest, ExactDeviceRequest } from '../device-request.ts';
import { validateSet, validateSlice } from './lists.ts';
import { validateLabel } from './names.ts';
import { validateTolerations } from './taints.ts';

const maxAlternatives = 8;
const maxSelectors = 32;
const maxExpressionBytes = 10 * 1024;

/** Something that is wanted: devices of one kind, or one of several ways. */
export function validateRequest(request: DeviceRequest, errors: FieldErrors, path: FieldPath): void {
  const { name, exactly, firstAvailable = [] } = request;
  validateLabel(name, errors, path.child('name'));
  const why = 'exactly one of `exactly` or `firstAvailable` is required';
  if (!exactly && firstAvailable.length === 0) errors.required(path, why);
  else if (!exactly) {
    const at = path.child('firstAvailable');
    validateSet(firstAvailable, maxAlternatives, validateSubRequest, (one) => one.name, errors, at);
  } else if (firstAvailable.length > 0) {
    errors.ignoreSchemaAt(path.child('exactly'));
    errors.ignoreSchemaAt(path.child('firstAvailable'));
    errors.invalid(path, undefined, `${why}, but multiple fields are set`);
  } else validateDevices(exactly, errors, path.child('exactly'));
}

function validateSubRequest(request: DeviceSubRequest, errors: FieldErrors, path: FieldPath): void {
  validateLabel(request.name, errors, path.child('name'));
  validateDevices(request, errors, path);
}

function validateDevices(request: ExactDeviceRequest | DeviceSubRequest, errors: FieldErrors, path: FieldPath): void {
  const { deviceClassName, selectors, allocationMode, count = 0, tolerations } = request;
  const at = path.child('deviceClassName');
  if (deviceClassName === '') errors.required(at);
  else for (const why of isDns1123Subdomain(deviceClassName)) errors.invalid(at, deviceClassName, why);
  validateSelectors(selectors, errors, path.child('selectors'));
  if (allocationMode === 'All' && count !== 0) {
    errors.invalid(path.child('count'), count, "must not be specified when allocationMode is 'All'");
  }
  if (allocationMode === 'ExactCount' && count <= 0) {
    errors.invalid(path.child('count'), count, 'must be greater than zero');
  }
  validateTolerations(tolerations, errors, path.child('tolerations'));
}

/** Expressions are only measured: who evaluates them also compiles them. */
export function validateSelectors(
  selectors: readonly DeviceSelector[] | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const check = ({ cel }: DeviceSelector, all: FieldErrors, at: FieldPath): void => {
    if (!cel) all.required(at.child('cel'));
    else if (Buffer.byteLength(cel.expression) > maxExpressionBytes) {
      all.tooLong(at.child('cel', 'expression'), maxExpressionBytes);
    }
  };
  validateSlice(selectors, maxSelectors, check, errors, path);
}
