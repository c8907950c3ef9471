import { list, message, required, string } from '#machinery';

export class TopologySelectorLabelRequirement extends message('A label of nodes, and the values it may have.', {
  key: required(string(1, "The label's key.", { minLength: 0 })),
  values: required(list(2, 'The values, of which a node has one.', string(0, ''))),
}) {}

export class TopologySelectorTerm extends message(
  'A part of the cluster, such as a zone.',
  {
    matchLabelExpressions: list(1, 'The labels of its nodes, all of them.', TopologySelectorLabelRequirement),
  },
  { mapType: 'atomic' },
) {}
