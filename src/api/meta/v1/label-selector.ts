import { list, map, message, required, string } from '#machinery';

export class LabelSelectorRequirement extends message('What a label has to be like.', {
  key: required(string(1, "The label's key.", { minLength: 0 })),
  operator: required(string(2, 'How it is compared: `In`, `NotIn`, `Exists`, `DoesNotExist`.', { minLength: 0 })),
  values: list(3, 'What it is compared with; nothing for `Exists` and `DoesNotExist`.', string(0, '')),
}) {}

export class LabelSelector extends message(
  'Which labels objects have to have. Everything said has to hold; an empty selector matches all.',
  {
    matchLabels: map(1, 'Labels and the values they have to have.', string(0, '')),
    matchExpressions: list(2, 'What labels have to be like.', LabelSelectorRequirement),
  },
  { mapType: 'atomic' },
) {}

export class FieldSelectorRequirement extends message('What a field has to be like.', {
  key: required(string(1, "The field's name.")),
  operator: required(string(2, 'How it is compared: `In`, `NotIn`, `Exists`, `DoesNotExist`.')),
  values: list(3, 'What it is compared with; nothing for `Exists` and `DoesNotExist`.', string(0, '')),
}) {}
