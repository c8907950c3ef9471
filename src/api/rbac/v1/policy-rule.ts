import { list, message, required, string } from '#machinery';

export class PolicyRule extends message('What may be done with what.', {
  verbs: required(list(1, 'What may be done; `*` for everything.', string(0, ''))),
  apiGroups: list(
    2,
    'The API groups of the resources; the empty one is the core group, `*` is every group.',
    string(0, ''),
  ),
  resources: list(3, 'The resources, with subresources as `pods/log`; `*` for all.', string(0, '')),
  resourceNames: list(4, 'Only objects of these names; all by default.', string(0, '')),
  nonResourceURLs: list(
    5,
    'Paths that are no resources, such as `/healthz`; a `*` may stand at the end. Cluster roles only.',
    string(0, ''),
  ),
}) {}
