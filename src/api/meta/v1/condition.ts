import { int64, message, required, string, time } from '#machinery';

export class Condition extends message('One aspect of how an object does.', {
  type: required(string(1, 'Which aspect.')),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  observedGeneration: int64(3, 'The generation of the object that this is about.'),
  lastTransitionTime: required(time(4, 'Since when it is so.')),
  reason: required(string(5, 'Why, in one word.')),
  message: required(string(6, 'Why, in a sentence.', { minLength: 0 })),
}) {}
