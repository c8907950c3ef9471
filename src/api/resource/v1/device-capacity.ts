import { list, map, message, of, pointer, quantity, required, string } from '#machinery';

export class CapacityRequestPolicyRange extends message(
  'Amounts that can be asked for: from, to, and in which steps.',
  {
    min: required(pointer(quantity(1, 'The least.'))),
    max: pointer(quantity(2, 'The most.')),
    step: pointer(quantity(3, 'The steps between them.')),
  },
) {}

export class CapacityRequestPolicy extends message('How much of a capacity can be asked for at once.', {
  default: pointer(quantity(1, 'What a request gets that does not say.', { emitEmpty: true })),
  validValues: list(3, 'The amounts that can be asked for.', quantity(0, '')),
  validRange: pointer(of(4, 'The range of amounts that can be asked for.', CapacityRequestPolicyRange)),
}) {}

export class DeviceCapacity extends message('How much a device has of something.', {
  value: required(quantity(1, 'How much.')),
  requestPolicy: pointer(
    of(2, 'How much of it can be asked for at once, by those who share the device.', CapacityRequestPolicy),
  ),
}) {}

export class Counter extends message('How much there is of something that devices share.', {
  value: required(quantity(1, 'How much.')),
}) {}

export class CounterSet extends message('What some devices share.', {
  name: required(string(1, 'Its name.')),
  counters: required(map(2, 'How much there is, by name.', Counter, { emitEmpty: false })),
}) {}

export class DeviceCounterConsumption extends message('How much a device takes of what it shares with others.', {
  counterSet: required(string(1, 'Of which set.')),
  counters: required(map(2, 'How much, by name.', Counter, { emitEmpty: false })),
}) {}

export class NodeAllocatableResourceMapping extends message("How much of a node's own resource a device stands for.", {
  capacityKey: pointer(string(1, 'The capacity of the device that is counted.')),
  allocationMultiplier: pointer(quantity(2, 'What that is multiplied with.')),
}) {}
