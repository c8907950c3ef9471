import type { FieldErrors, FieldPath } from '#machinery';
import { parseGroupResource, type GroupResource } from './group-resource.ts';

/** What is wrong with the resources of one rule: `secrets`, `*.apps`. */
export function validateResources(names: readonly string[], path: FieldPath, errors: FieldErrors): void {
  const parsed = names.map(parseGroupResource);
  if (new Set(names).size < names.length) {
    errors.invalid(path, names, 'the same resource cannot be specified multiple times');
  }
  if (haveOverlap(parsed)) {
    const why = `using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked`;
    errors.invalid(path, names, why);
  }
  for (const [at, name] of names.entries()) {
    const why = problemOf(name);
    if (why !== undefined) errors.invalid(path.index(at), name, why);
  }
}

function haveOverlap(resources: readonly GroupResource[]): boolean {
  const overlap = (one: GroupResource, other: GroupResource): boolean => {
    if (isSame(one, other)) return false; // told as a duplicate
    if (one.group === '*' && one.plural === '*') return true;
    return one.group === other.group && one.plural === '*';
  };
  return resources.some((one) => resources.some((other) => overlap(one, other)));
}

function isSame(one: GroupResource, other: GroupResource): boolean {
  return one.group === other.group && one.plural === other.plural;
}

/** What the API server keeps without serving it. */
const hidden = new Set(['apiserveripinfo', 'serviceipallocations', 'servicenodeportallocations']);

function problemOf(name: string): string | undefined {
  if (name.toLowerCase() !== name) return 'resource name should not contain capital letters';
  if (name === '*') {
    return `use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources`;
  }
  if (hidden.has(name)) return 'resources which do not have REST API/s cannot be encrypted';
  const { group, plural } = parseGroupResource(name);
  if (group === 'events.k8s.io') {
    return `'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file`;
  }
  if (group === 'extensions') return `'extensions' group has been removed and cannot be used for encryption`;
  if (group === '*' && plural !== '*') return 'encrypting the same resource across groups is not supported';
  return undefined;
}
