import { isDns1123Subdomain, isEqualJson, Quantity, type FieldErrors, type FieldPath } from '#machinery';
import { validateNodeSelector } from '../../../core/v1/validation/affinity.ts';
import type { Counter, DeviceCounterConsumption, NodeAllocatableResourceMapping } from '../device-capacity.ts';
import type { Device } from '../device.ts';
import { countValues, validateAttribute } from './attributes.ts';
import { validateOwnCapacity, validateSharedCapacity } from './capacity.ts';
import { validateMap, validateSet, validateSlice } from './lists.ts';
import { maxQualifiedBytes, validateLabel, validateQualifiedTrait } from './names.ts';
import { validateBindingConditions, validateDeviceTaint } from './taints.ts';

const maxTraits = 32;
const maxValues = 48;
const maxTaints = 16;
const maxConsumptions = 2;
const maxCounters = 32;
const maxLabelBytes = 63;

/** A device; `old` is what it was before, of which what has not changed is not judged again. */
export function validateDevice(
  device: Device,
  old: Device | undefined,
  hasOwnNodes: boolean,
  errors: FieldErrors,
  path: FieldPath,
): void {
  const { name, attributes, capacity, taints, consumesCounters, allowMultipleAllocations } = device;
  validateLabel(name, errors, path.child('name'));
  validateCounts(device, errors, path);
  const key = { key: validateQualifiedTrait, maxKeyLength: maxQualifiedBytes };
  validateMap(attributes, Infinity, { ...key, value: validateAttribute }, errors, path.child('attributes'));
  if (!old || !isEqualJson(capacity, old.capacity)) {
    const value = allowMultipleAllocations === true ? validateSharedCapacity : validateOwnCapacity;
    validateMap(capacity, Infinity, { ...key, value }, errors, path.child('capacity'));
  }
  if (!old || !isEqualJson(taints, old.taints)) {
    validateSlice(taints, maxTaints, validateDeviceTaint, errors, path.child('taints'));
  }
  const at = path.child('consumesCounters');
  validateSet(consumesCounters, maxConsumptions, validateConsumption, (one) => one.counterSet, errors, at);
  validateNodes(device, hasOwnNodes, errors, path);
  validateBindingConditions(device, errors, path);
  validateMappings(device, errors, path.child('nodeAllocatableResourceMappings'));
}

function validateCounts({ attributes = {}, capacity = {} }: Device, errors: FieldErrors, path: FieldPath): void {
  const traits = Object.keys(attributes).length + Object.keys(capacity).length;
  if (traits > maxTraits) {
    errors.invalid(path, traits, `the total number of attributes and capacities must not exceed ${maxTraits}`);
  }
  const values = countValues(attributes);
  if (values <= maxValues) return;
  errors.invalid(path, values, `the total number of attribute values must not exceed ${maxValues}`);
}

/** Which nodes can use it: each device tells by itself, or the slice tells for all. */
function validateNodes(device: Device, hasOwnNodes: boolean, errors: FieldErrors, path: FieldPath): void {
  const { nodeName, nodeSelector, allNodes } = device;
  if (!hasOwnNodes) {
    if (nodeName === undefined && !nodeSelector && allNodes === undefined) return;
    const why =
      '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
    // Go says `nil` in these words.
    return errors.invalid(path, 'null', why);
  }
  const told: string[] = [];
  if (nodeName === '') errors.invalid(path.child('nodeName'), nodeName, 'must not be empty');
  else if (nodeName !== undefined) {
    told.push('`nodeName`');
    for (const why of isDns1123Subdomain(nodeName)) errors.invalid(path.child('nodeName'), nodeName, why);
  }
  if (nodeSelector) {
    told.push('`nodeSelector`');
    validateNodeSelector(nodeSelector, errors, path.child('nodeSelector'));
  }
  if (allNodes === true) told.push('`allNodes`');
  else if (allNodes === false) errors.invalid(path.child('allNodes'), false, 'must be either unset or set to true');
  const why =
    'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  if (told.length === 0) errors.required(path, why);
  else if (told.length > 1) errors.invalid(path, `{${told.join(', ')}}`, why);
}

function validateConsumption(
  { counterSet, counters }: DeviceCounterConsumption,
  errors: FieldErrors,
  path: FieldPath,
): void {
  validateLabel(counterSet, errors, path.child('counterSet'));
  validateCounters(counters, errors, path.child('counters'));
}

/** Amounts by name; there has to be one. */
export function validateCounters(
  counters: Readonly<Record<string, Counter>> | undefined,
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (!counters || Object.keys(counters).length === 0) return errors.required(path);
  const checks = { key: validateLabel, value: () => undefined, maxKeyLength: maxLabelBytes };
  validateMap(counters, maxCounters, checks, errors, path);
}

function validateMappings(device: Device, errors: FieldErrors, path: FieldPath): void {
  const { nodeAllocatableResourceMappings: mappings = {}, capacity = {} } = device;
  for (const [name, mapping] of Object.entries(mappings)) {
    const isNodes = ['cpu', 'memory', 'ephemeral-storage'].includes(name) || name.startsWith('hugepages-');
    if (!isNodes) errors.invalid(path.key(name), name, 'must be a node allocatable resource name');
    validateMapping(mapping, Object.keys(capacity), errors, path.key(name));
  }
}

function validateMapping(
  { capacityKey, allocationMultiplier }: NodeAllocatableResourceMapping,
  capacities: readonly string[],
  errors: FieldErrors,
  path: FieldPath,
): void {
  if (capacityKey !== undefined && !capacities.includes(capacityKey)) {
    errors.notFound(path.child('capacityKey'), capacityKey);
  }
  if (allocationMultiplier === undefined || Quantity.parse(allocationMultiplier).sign() > 0) return;
  errors.invalid(path.child('allocationMultiplier'), allocationMultiplier, 'must be positive');
}
