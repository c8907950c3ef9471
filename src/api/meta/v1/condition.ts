import { int64, message, required, string, time } from '#machinery';

export class Condition extends message('Condition.', {
  type: required(string(1, 'The type.')),
  status: required(string(2, 'What is.')),
  observedGeneration: int64(3, 'The observed generation.'),
  lastTransitionTime: required(time(4, 'The last transition time.')),
  reason: required(string(5, 'The reason.')),
  message: required(string(6, 'The message.', { minLength: 0 })),
}) {}
