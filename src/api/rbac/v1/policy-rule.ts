import { list, message, required, string } from '#machinery';

export class PolicyRule extends message('PolicyRule.', {
  verbs: required(list(1, 'The verbs.', string(0, ''))),
  apiGroups: list(2, 'The api groups.', string(0, '')),
  resources: list(3, 'The resources.', string(0, '')),
  resourceNames: list(4, 'The resource names.', string(0, '')),
  nonResourceURLs: list(5, 'The non resource urls.', string(0, '')),
}) {}
