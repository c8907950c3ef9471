import { bool, list, message, of, oneOf, pointer, required, set, string } from '#machinery';

export class UserSubject extends message('A user.', {
  name: required(string(1, 'The name; `*` means all.', { minLength: 0 })),
}) {}

export class GroupSubject extends message('A group of users.', {
  name: required(string(1, 'The name; `*` means all.', { minLength: 0 })),
}) {}

export class ServiceAccountSubject extends message('A service account.', {
  namespace: required(string(1, 'Its namespace.', { minLength: 0 })),
  name: required(string(2, 'Its name; `*` means all of the namespace.', { minLength: 0 })),
}) {}

export class Subject extends message(
  'Who sends requests.',
  {
    kind: required(oneOf(1, 'What it is.', ['Group', 'ServiceAccount', 'User'], { enumIsForRules: true })),
    user: pointer(of(2, 'The user.', UserSubject)),
    group: pointer(of(3, 'The group.', GroupSubject)),
    serviceAccount: pointer(of(4, 'The service account.', ServiceAccountSubject)),
  },
  { unions: [{ discriminator: 'kind', fields: ['group', 'serviceAccount', 'user'] }] },
) {}

export class ResourcePolicyRule extends message('Requests for resources.', {
  verbs: required(set(1, 'What they do; `*` means everything.', string(0, ''))),
  apiGroups: required(set(2, 'The groups of the resources; `*` means all.', string(0, ''))),
  resources: required(set(3, 'The resources, with the subresource where it is one; `*` means all.', string(0, ''))),
  clusterScope: bool(4, 'Whether those of no namespace match.'),
  namespaces: set(5, 'The namespaces that match; `*` means all.', string(0, ''), { emitEmpty: true }),
}) {}

export class NonResourcePolicyRule extends message('Requests for paths that are no resources.', {
  verbs: required(set(1, 'What they do; `*` means everything.', string(0, ''))),
  nonResourceURLs: required(set(6, 'The paths; `*` at the end stands for the rest.', string(0, ''))),
}) {}

export class PolicyRulesWithSubjects extends message('Which requests of whom match.', {
  subjects: required(list(1, 'Who sends them.', Subject)),
  resourceRules: list(2, 'Those for resources.', ResourcePolicyRule),
  nonResourceRules: list(3, 'Those for other paths.', NonResourcePolicyRule),
}) {}
