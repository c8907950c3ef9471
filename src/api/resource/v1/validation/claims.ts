import { isObject, type FieldErrors, type FieldPath } from '#machinery';
import type { DeviceClaim, DeviceConfiguration, DeviceConstraint } from '../device-claim.ts';
import { validateSet, validateSlice } from './lists.ts';
import { validateDriver, validateFullTrait } from './names.ts';
import { maxRequests, requestNamesOf, validateRequestNames } from './request-names.ts';
import { validateRequest } from './requests.ts';

/** The most settings, and the most things that devices have to have in common. */
export const maxConfigs = 32;
const maxConstraints = 32;
const maxParametersBytes = 10 * 1024;

/** The devices that a claim wants. */
export function validateDeviceClaim(claim: DeviceClaim, errors: FieldErrors, path: FieldPath): void {
  const names = requestNamesOf(claim);
  validateSet(claim.requests, maxRequests, validateRequest, ({ name }) => name, errors, path.child('requests'));
  validateSlice(
    claim.constraints,
    maxConstraints,
    (constraint, all, at) => validateConstraint(constraint, names, all, at),
    errors,
    path.child('constraints'),
  );
  validateSlice(
    claim.config,
    maxConfigs,
    (config, all, at) => {
      validateRequestNames(config.requests, names, all, at.child('requests'));
      validateConfiguration(config, all, at);
    },
    errors,
    path.child('config'),
  );
}

function validateConstraint(
  { requests, matchAttribute, distinctAttribute }: DeviceConstraint,
  names: ReadonlySet<string>,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateRequestNames(requests, names, errors, path.child('requests'));
  if (matchAttribute !== undefined) validateFullTrait(matchAttribute, errors, path.child('matchAttribute'));
  else if (distinctAttribute !== undefined) {
    validateFullTrait(distinctAttribute, errors, path.child('distinctAttribute'));
  } else {
    // Nothing is set; the words are upstream's.
    const why = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
    errors.required(path, why);
  }
}

/** Settings: so far there are only those that the driver alone understands. */
export function validateConfiguration({ opaque }: DeviceConfiguration, errors: FieldErrors, path: FieldPath): void {
  const at = path.child('opaque');
  if (!opaque) return errors.required(at);
  validateDriver(opaque.driver, errors, at.child('driver'));
  validateParameters(opaque.parameters, errors, at.child('parameters'), maxParametersBytes);
}

/** An object of any fields, of a certain size. */
export function validateParameters(value: unknown, errors: FieldErrors, path: FieldPath, maxBytes: number): void {
  if (value === undefined || value === null) return errors.required(path);
  if (Buffer.byteLength(JSON.stringify(value)) > maxBytes) errors.tooLong(path, maxBytes);
  else if (!isObject(value)) errors.invalid(path, '<value omitted>', 'must be a valid JSON object');
}
