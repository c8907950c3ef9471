import { inlined, list, message, oneOf, pointer, string } from '#machinery';

export class Rule extends message('Resources that are meant.', {
  apiGroups: list(1, 'Their groups; `*` means all.', string(0, '')),
  apiVersions: list(2, 'Their versions; `*` means all.', string(0, '')),
  resources: list(3, 'The resources, with the subresource where it is one; `*` means all of either.', string(0, '')),
  scope: pointer(
    oneOf(4, 'Whether only those in namespaces are meant, or only the others; `*` by default, for both.', [
      '*',
      'Cluster',
      'Namespaced',
    ]),
  ),
}) {}

export class RuleWithOperations extends message('What is done to which resources.', {
  operations: list(
    1,
    'What is done; `*` means everything.',
    oneOf(0, '', ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']),
  ),
  ...inlined(2, Rule),
}) {}

export class NamedRuleWithOperations extends message(
  'What is done to which objects.',
  {
    resourceNames: list(1, 'The names of the objects; all by default.', string(0, '')),
    ...inlined(2, RuleWithOperations),
  },
  { mapType: 'atomic' },
) {}
