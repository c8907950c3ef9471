import { list, message, of, oneOf, pointer, required, string } from '#machinery';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { NamedRuleWithOperations } from './rule.ts';

export class MatchCondition extends message('An expression that has to be true of a request.', {
  name: required(string(1, 'Its name, unique in the list.')),
  expression: required(string(2, 'The expression, in CEL.')),
}) {}

export class MatchResources extends message(
  'Which requests are meant.',
  {
    namespaceSelector: pointer(of(1, 'The namespaces of the objects.', LabelSelector)),
    objectSelector: pointer(of(2, 'The labels of the objects.', LabelSelector)),
    resourceRules: list(3, 'What is done to which objects; one of these has to match.', NamedRuleWithOperations),
    excludeResourceRules: list(4, 'What is not meant after all.', NamedRuleWithOperations),
    matchPolicy: pointer(
      oneOf(7, 'Whether other versions of the same resource are meant too; `Equivalent` by default, which means yes.', [
        'Equivalent',
        'Exact',
      ]),
    ),
  },
  {
    mapType: 'atomic',
    walk: ['matchPolicy', 'namespaceSelector', 'objectSelector', 'resourceRules', 'excludeResourceRules'],
  },
) {}
