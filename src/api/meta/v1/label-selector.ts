import { list, map, message, required, string } from '#machinery';

export class LabelSelectorRequirement extends message('LabelSelectorRequirement.', {
  key: required(string(1, 'The key.', { minLength: 0 })),
  operator: required(string(2, 'The operator.', { minLength: 0 })),
  values: list(3, 'The values.', string(0, '')),
}) {}

export class LabelSelector extends message(
  'LabelSelector.',
  {
    matchLabels: map(1, 'The match labels.', string(0, '')),
    matchExpressions: list(2, 'The match expressions.', LabelSelectorRequirement),
  },
  { mapType: 'atomic' },
) {}

export class FieldSelectorRequirement extends message('FieldSelectorRequirement.', {
  key: required(string(1, 'The key.')),
  operator: required(string(2, 'The operator.')),
  values: list(3, 'The values.', string(0, '')),
}) {}
