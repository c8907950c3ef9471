import { required, string, time } from '#machinery';

/** The fields of a condition as several groups have it, each under a name of its own; `which` tells the aspects. */
export const conditionFields = (which = 'Which aspect.') => ({
  type: required(string(1, which)),
  status: required(string(2, '`True`, `False` or `Unknown`.')),
  lastTransitionTime: time(3, 'Since when it is so.'),
  reason: string(4, 'Why, in one word.'),
  message: string(5, 'Why, in a sentence.'),
});
