import { int64, message, pointer, required, string, time } from '#machinery';

export class Taint extends message('Taint.', {
  key: required(string(1, 'The key.')),
  value: string(2, 'The value.'),
  effect: required(string(3, 'The effect.', { enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] })),
  timeAdded: pointer(time(4, 'The time added.')),
}) {}

export class Toleration extends message('Toleration.', {
  key: string(1, 'The key.'),
  operator: string(2, 'The operator.'),
  value: string(3, 'The value.'),
  effect: string(4, 'The effect.', { enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] }),
  tolerationSeconds: pointer(int64(5, 'The toleration seconds.')),
}) {}
