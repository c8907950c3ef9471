import { list, map, message, of, pointer, present, quantity, required, string } from '#machinery';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { typeMeta } from '../../meta/v1/type-meta.ts';

export class ScopedResourceSelectorRequirement extends message('One thing that must be true of what is counted.', {
  scopeName: required(string(1, 'The scope it is about, such as `PriorityClass`.', { minLength: 0 })),
  operator: required(string(2, '`In`, `NotIn`, `Exists` or `DoesNotExist`.', { minLength: 0 })),
  values: list(3, 'The values, for `In` and `NotIn`.', string(0, '')),
}) {}

export class ScopeSelector extends message(
  'Which objects are counted.',
  {
    matchExpressions: list(1, 'What must be true of them, all of it.', ScopedResourceSelectorRequirement),
  },
  { mapType: 'atomic' },
) {}

export class ResourceQuotaSpec extends message('How much a namespace may use.', {
  hard: map(1, 'The most of each resource.', quantity(0, '')),
  scopes: list(2, 'Only objects in all of these scopes are counted.', string(0, '')),
  scopeSelector: pointer(of(3, 'As `scopes`, with values.', ScopeSelector)),
}) {}

export class ResourceQuotaStatus extends message('How much a namespace uses.', {
  hard: map(1, 'The limits that are enforced.', quantity(0, '')),
  used: map(2, 'What is used of each.', quantity(0, '')),
}) {}

export class ResourceQuota extends message('How much a whole namespace may use.', {
  ...typeMeta,
  metadata: present(of(1, 'Name, labels and what else every object has.', ObjectMeta)),
  spec: present(of(2, 'What it may use.', ResourceQuotaSpec)),
  status: present(of(3, 'What it uses.', ResourceQuotaStatus)),
}) {}
