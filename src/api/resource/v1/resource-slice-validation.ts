import { FieldPath, isDns1123Subdomain, type FieldErrors } from '#machinery';
import { validateNodeSelector } from '../../core/v1/validation/affinity.ts';
import { validateImmutable } from '../../meta/v1/value-validation.ts';
import type { ResourcePool, ResourceSlice, ResourceSliceSpec } from './resource-slice.ts';
import { validateCounters, validateDevice } from './validation/devices.ts';
import { validateSet } from './validation/lists.ts';
import { validateDriver, validateLabel, validatePoolName } from './validation/names.ts';

const path = FieldPath.of('spec');
const maxDevices = 128;
/** Devices that are more work to choose from are fewer. */
const maxDemandingDevices = 64;
const maxCounterSets = 8;

/** The rules of slices (`pkg/apis/resource/validation/validation.go`). */
export function validateResourceSlice({ spec }: ResourceSlice, errors: FieldErrors, old?: ResourceSlice): void {
  validateDriver(spec.driver, errors, path.child('driver'));
  validatePool(spec.pool, errors, path.child('pool'));
  if (old) validateFixed(spec, old.spec, errors);
  validateNodes(spec, errors);
  if (spec.sharedCounters && spec.devices) {
    errors.invalid(path, '', 'only one of `sharedCounters` or `devices` is allowed');
  }
  const hasOwnNodes = spec.perDeviceNodeSelection === true;
  const before = new Map(old?.spec.devices?.map((device) => [device.name, device]));
  validateSet(
    spec.devices,
    isDemanding(spec) ? maxDemandingDevices : maxDevices,
    (device, all, at) => validateDevice(device, before.get(device.name), hasOwnNodes, all, at),
    ({ name }) => name,
    errors,
    path.child('devices'),
  );
  validateSet(
    spec.sharedCounters,
    maxCounterSets,
    ({ name, counters }, all, at) => {
      validateLabel(name, all, at.child('name'));
      validateCounters(counters, all, at.child('counters'));
    },
    ({ name }) => name,
    errors,
    path.child('sharedCounters'),
  );
}

function isDemanding({ devices = [] }: ResourceSliceSpec): boolean {
  return devices.some(
    ({ taints = [], consumesCounters = [], attributes = {} }) =>
      taints.length + consumesCounters.length > 0 ||
      Object.values(attributes).some(({ ints, bools, strings, versions }) => ints ?? bools ?? strings ?? versions),
  );
}

function validateFixed(spec: ResourceSliceSpec, old: ResourceSliceSpec, errors: FieldErrors): void {
  validateImmutable(spec.pool.name, old.pool.name, errors, path.child('pool', 'name'));
  validateImmutable(spec.driver, old.driver, errors, path.child('driver'));
  validateImmutable(spec.nodeName, old.nodeName, errors, path.child('nodeName'));
}

function validatePool(pool: ResourcePool, errors: FieldErrors, path: FieldPath): void {
  validatePoolName(pool.name, errors, path.child('name'));
  if (pool.resourceSliceCount <= 0) {
    errors.invalid(path.child('resourceSliceCount'), pool.resourceSliceCount, 'must be greater than zero');
  }
  if (pool.generation >= 0) return;
  errors.invalid(path.child('generation'), pool.generation, 'must be greater than or equal to zero');
}

function validateNodes(spec: ResourceSliceSpec, errors: FieldErrors): void {
  const { nodeName, nodeSelector } = spec;
  const told: string[] = [];
  const at = path.child('nodeName');
  if (nodeName === '') errors.invalid(at, nodeName, 'must be either unset or set to a non-empty string');
  else if (nodeName !== undefined) {
    told.push('`nodeName`');
    for (const why of isDns1123Subdomain(nodeName)) errors.invalid(at, nodeName, why);
  }
  if (nodeSelector) {
    told.push('`nodeSelector`');
    validateNodeSelector(nodeSelector, errors, path.child('nodeSelector'));
    const terms = nodeSelector.nodeSelectorTerms;
    const here = path.child('nodeSelector', 'nodeSelectorTerms');
    if (terms.length !== 1) errors.invalid(here, terms, 'must have exactly one node selector term');
  }
  for (const field of ['allNodes', 'perDeviceNodeSelection'] as const) {
    if (spec[field] === true) told.push(`\`${field}\``);
    else if (spec[field] === false) errors.invalid(path.child(field), false, 'must be either unset or set to true');
  }
  const why = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (told.length === 0) errors.required(path, why);
  else if (told.length > 1) errors.invalid(path, `{${told.join(', ')}}`, `${why}, but multiple fields are set`);
}
